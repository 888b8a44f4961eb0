"""A root folder with the files of some installed Debian packages and of no other, as a user's machine has it.

It is made of this machine's own files, so it takes seconds and no network. The package database in it knows these
packages alone: dpkg in it refuses a package whose dependencies are not there, and a library of any other package is
not found.

Commands run in it by chroot, in a mount namespace of their own with /proc. Where that is not allowed (a container
without CAP_SYS_ADMIN), proot does the same without any right; where that is missing too, it is an error.
"""
import os
import re
import shutil
import subprocess

ADMIN = "/var/lib/dpkg"
# Not needed by any program, and half of the files.
LEFT_OUT = re.compile(r"/usr/share/(doc|info|locale|man|lintian|i18n|zoneinfo)/.|/usr/lib/(debug|python3/dist-packages/.*/tests)/")


class Refused(Exception):
    """There is no way to run a command in another root here."""


def status_entries():
    """The entries of dpkg's database, by package, of what is installed."""
    with open(os.path.join(ADMIN, "status"), encoding="utf-8") as stream:
        texts = stream.read().split("\n\n")
    entries = {}
    for text in texts:
        fields = dict(re.findall(r"^(Package|Status|Essential|Priority|Depends|Pre-Depends|Provides|Architecture|Multi-Arch): (.*)$",
                                 text, re.MULTILINE))
        if fields.get("Status") == "install ok installed" and fields["Architecture"] in ("all", "amd64"):
            entries[fields["Package"]] = dict(fields, text=text)
    return entries


def alternatives_of(field):
    """[[package, ...], ...] of a field as Depends: one of each list is needed."""
    return [[re.sub(r"[ (:].*", "", one.strip()) for one in group.split("|")] for group in field.split(",") if group.strip()]


class Packages:
    def __init__(self):
        self.entries = status_entries()
        self.provided = {}
        for name, entry in self.entries.items():
            for group in alternatives_of(entry.get("Provides", "")):
                self.provided.setdefault(group[0], []).append(name)

    def installed(self, name):
        return name if name in self.entries else next(iter(self.provided.get(name, [])), None)

    def closure(self, names):
        """These and all that they depend on, of what is installed here."""
        found, open_names = set(), list(names)
        while open_names:
            name = open_names.pop()
            if name in found:
                continue
            found.add(name)
            entry = self.entries[name]
            for field in ("Pre-Depends", "Depends"):
                for group in alternatives_of(entry.get(field, "")):
                    chosen = next(filter(None, map(self.installed, group)), None)
                    if chosen is None:
                        raise Refused(f"{name} needs {' or '.join(group)}, which is not installed here")
                    open_names.append(chosen)
        return sorted(found)

    def essential(self):
        """What debootstrap --variant=minbase installs."""
        return [name for name, entry in self.entries.items()
                if entry.get("Essential") == "yes" or entry.get("Priority") == "required"]

    def needed(self, depends):
        """Packages that a field as Depends asks for, of what is installed here; the others are not in the result."""
        return [next(filter(None, map(self.installed, group)), group[0]) for group in alternatives_of(depends)]

    def info_files(self, name):
        folder = os.path.join(ADMIN, "info")
        return [os.path.join(folder, file) for file in os.listdir(folder) if re.match(re.escape(name) + r"(:amd64)?\.\w+$", file)]

    def files(self, name):
        for suffix in ("", ":amd64"):
            path = os.path.join(ADMIN, "info", f"{name}{suffix}.list")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as stream:
                    return stream.read().split("\n")
        return []


def how_to_enter():
    """The command that runs another one in a root: unshare and chroot, or proot."""
    ways = [["unshare", "--mount", "--pid", "--fork", "--kill-child"],
            ["unshare", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"]]
    for way in ways:
        if subprocess.run(way + ["sh", "-c", "mount -t proc proc /proc"], capture_output=True, check=False).returncode == 0:
            return way
    if shutil.which("proot") and subprocess.run(["proot", "-r", "/", "true"], capture_output=True, check=False).returncode == 0:
        return ["proot"]
    raise Refused("no command can run in another root here: unshare and mount are refused, and proot is not installed or cannot "
                  "trace. Run the tests as root, give the container CAP_SYS_ADMIN, or install proot")


class CleanRoot:
    def __init__(self, path, extra=()):
        self.path = path
        self.packages = Packages()
        self.names = self.packages.closure(self.packages.essential() + list(extra))
        self.way = how_to_enter()
        shutil.rmtree(path, ignore_errors=True)
        self.make_frame()
        for name in self.names:
            self.copy_files(name)
        self.make_database()
        self.copy_alternatives()
        self.run(["ldconfig"])

    def inside(self, path):
        return os.path.join(self.path, path.lstrip("/"))

    def make_frame(self):
        for folder in ("dev", "etc", "home/user", "proc", "root", "run", "sys", "tmp", "usr", "var/tmp", "var/lib/dpkg/info",
                       "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/log"):
            os.makedirs(self.inside(folder))
        for folder in ("bin", "lib", "lib64", "sbin"):
            os.makedirs(self.inside("usr/" + folder))
            os.symlink("usr/" + folder, self.inside(folder))
        for name in ("passwd", "group", "os-release", "debian_version", "nsswitch.conf"):
            if os.path.exists("/etc/" + name):
                shutil.copy("/etc/" + name, self.inside("etc/" + name))

    def copy_files(self, package):
        for file in self.packages.files(package):
            if not file.startswith("/") or file == "/." or LEFT_OUT.match(file):
                continue
            file = os.path.join(os.path.realpath(os.path.dirname(file)), os.path.basename(file))  # /lib is /usr/lib
            to = self.inside(file)
            if os.path.islink(file):
                if not os.path.lexists(to):
                    os.makedirs(os.path.dirname(to), exist_ok=True)
                    os.symlink(os.readlink(file), to)
            elif os.path.isdir(file):
                os.makedirs(to, exist_ok=True)
            elif os.path.isfile(file):
                os.makedirs(os.path.dirname(to), exist_ok=True)
                if os.access(file, os.R_OK):  # what root alone may read is no part of a program
                    shutil.copy2(file, to)

    def make_database(self):
        with open(self.inside("var/lib/dpkg/status"), "w", encoding="utf-8") as stream:
            for name in self.names:
                stream.write(self.packages.entries[name]["text"].strip() + "\n\n")
        for name in self.names:
            for file in self.packages.info_files(name):
                shutil.copy2(file, self.inside(file))
        for file in ("format", "triggers/File", "triggers/Unincorp"):
            if os.path.exists(self.inside("var/lib/dpkg/info/" + file)):
                continue
            source = os.path.join(ADMIN, "info" if file == "format" else "", file)
            if os.path.exists(source):
                shutil.copy2(source, self.inside(source))

    def copy_alternatives(self):
        """Links like libblas.so.3, of alternatives that are in this root."""
        folder = "/etc/alternatives"
        os.makedirs(self.inside(folder), exist_ok=True)
        links = {}
        for name in os.listdir(ADMIN + "/alternatives"):
            with open(os.path.join(ADMIN, "alternatives", name), encoding="utf-8") as stream:
                lines = stream.read().split("\n\n")[0].split("\n")[1:]
            links[name] = lines[0]
            links.update(zip(lines[1::2], lines[2::2]))
        for name, link in links.items():
            chosen = os.path.join(folder, name)
            if os.path.islink(chosen) and os.path.lexists(self.inside(os.path.realpath(os.path.dirname(os.readlink(chosen)))
                                                                     + "/" + os.path.basename(os.readlink(chosen)))):
                os.symlink(os.readlink(chosen), self.inside(chosen))
                to = self.inside(os.path.join(os.path.realpath(os.path.dirname(link)), os.path.basename(link)))
                os.makedirs(os.path.dirname(to), exist_ok=True)
                if not os.path.lexists(to):
                    os.symlink(chosen, to)

    def command(self, arguments, proc=True, folder="/home/user", variables=()):
        """`arguments` as a command line of this machine that runs them in the root."""
        environment = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/home/user",
                       "LC_ALL=C.UTF-8", "TERM=dumb", "DEBIAN_FRONTEND=noninteractive", *variables]
        if self.way == ["proot"]:
            binds = ["-b", "/proc", "-b", "/dev"] if proc else ["-b", "/dev"]
            return ["proot", "-0", "-r", self.path, *binds, "-w", folder, *environment, *arguments]
        mounts = 'mount --bind /dev/null "$0/dev/null"; '
        mounts += 'mount -t proc proc "$0/proc"; ' if proc else ""
        open(self.inside("dev/null"), "a", encoding="utf-8").close()
        enter = 'root=$0; folder=$1; shift; exec chroot "$root" /bin/sh -c \'cd "$0" && exec "$@"\' "$folder" "$@"'
        return [*self.way, "sh", "-ec", mounts + enter, self.path, folder, *environment, *arguments]

    def run(self, arguments, expected=0, **options):
        """The output of the command, of both streams; it must end with the code `expected`."""
        done = subprocess.run(self.command(arguments, **options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
        if expected is not None and done.returncode != expected:
            raise AssertionError(f"{' '.join(arguments)} ended with {done.returncode}, expected {expected}, and said\n{done.stdout}")
        return done.stdout

    def copy(self, source, to):
        target = self.inside(to)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        (shutil.copytree if os.path.isdir(source) else shutil.copy2)(source, target)
