"""Asks a shell what it completes, and compares with what help and other commands list: completion.py SHELL, or man FOLDER.

Shells are really run: bash and zsh on their own machinery, fish through `complete -C`.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def output_of(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=120, **options).stdout


def entries_of(command):
    """The options of a command as its help shows them: (names, whether a value follows); and its arguments."""
    options, arguments, group = [], [], ""
    for line in output_of("nirc", "help", *command).splitlines():
        group = line if re.match(r"\S.*:$", line) else group
        if found := re.match(r"  (--?[\w-]+(?:,--?[\w-]+)*)( \S+)?", line):
            options.append((found.group(1).split(","), bool(found.group(2)) and found.group(2)[1:2] not in ("", " ")))
        elif group == "Arguments:" and (found := re.match(r"  (\w+)", line)):
            arguments.append(found.group(1))
    return options, arguments


def commands():
    text = output_of("nirc", "--help")
    return re.findall(r"^  ([a-z]+) ", text[text.index("ommands:\n"):], re.MULTILINE)


def plain_option(offer):
    """Without the = that some shells show."""
    return offer.removesuffix("=") if re.match(r"--[\w-]+=$", offer) else offer


class Bash:
    """Sets what readline sets, and calls the function; readline divides words at the characters of COMP_WORDBREAKS, too."""

    def __init__(self, folder):
        self.script = os.path.join(folder, "completion.bash")
        with open(self.script, "w", encoding="utf-8") as stream:
            stream.write(output_of("nirc", "completion", "bash"))

    def offers(self, line):
        words = re.findall(r"(?:\\.|[^\s=:\\])+|[=:]+", line) + ([""] if line[-1] in " =:" else [])
        if line[-1] in "=:":
            words.pop()
        asked = "source \"$1\"; COMP_LINE=$2 COMP_POINT=${#2}; shift 2; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); " \
                "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'; _nirc; printf '%s\\n' \"${COMPREPLY[@]}\""
        # What readline keeps of a word is before its last separator.
        kept = re.match(r".*[=:]", line.split(" ")[-1])
        found = output_of("bash", "--norc", "-c", asked, "bash", self.script, line, *words).splitlines()
        return [(kept.group() if kept else "") + one for one in found if one]


class Fish:
    def __init__(self, folder):
        self.script = os.path.join(folder, "nirc.fish")
        with open(self.script, "w", encoding="utf-8") as stream:
            stream.write(output_of("nirc", "completion", "fish"))
        self.environment = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}

    def offers(self, line):
        found = output_of("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", self.script, line, env=self.environment)
        return [plain_option(one.split("\t")[0]) for one in found.splitlines()]


class Zsh:
    def __init__(self, folder):
        self.script = os.path.join(folder, "_nirc")
        with open(self.script, "w", encoding="utf-8") as stream:
            stream.write(output_of("nirc", "completion", "zsh"))

    def offers(self, line):
        found = output_of("zsh", "-f", os.path.join(HERE, "zsh-complete"), self.script, line)
        return [plain_option(one) for one in found.splitlines()]


def expect(what, found, wanted, exactly=True):
    found, wanted = set(found), set(wanted)
    wrong = found != wanted if exactly else not wanted <= found
    if wrong:
        sys.exit(f"{what}: found {sorted(found)}, expected {sorted(wanted)}: missing {sorted(wanted - found)}"
                 + (f", too many {sorted(found - wanted)}" if exactly else ""))


def check_options(shell):
    """Every option of every command, and nothing else."""
    for command in commands():
        options, _ = entries_of([command])
        names = [name for names, _ in options for name in names]
        assert len(names) > 1, command
        offered = shell.offers(f"nirc {command} --")
        expect(f"options of {command}", [one for one in offered if one.startswith("--")], [one for one in names if one.startswith("--")])
        if not isinstance(shell, Zsh):  # which offers what can be joined to other letters
            letters = [one for one in shell.offers(f"nirc {command} -") if re.match("-[a-z]$", one)]
            expect(f"letters of {command}", letters, [one for one in names if re.match("-[a-z]$", one)])


def check_values(shell, folder):
    names = lambda command: [one.get("preset") or one["name"] for one in json.loads(output_of("nirc", command, "--json"))]  # noqa: E731
    expect("commands", shell.offers("nirc "), commands() + ["help"])
    expect("help", set(shell.offers("nirc help ")) - {"help"}, commands())
    expect("targets", shell.offers("nirc run --target "), names("targets"))
    expect("presets", shell.offers("nirc run --semantics "), names("semantics"), exactly=False)
    expect("formats", shell.offers("nirc run --format "), names("formats"), exactly=False)
    expect("resets", shell.offers("nirc run --reset "), ["to-value", "subtract"])
    expect("a choice", shell.offers("nirc run --semantics norse,rese"), ["norse,reset=", "norse,reset-delay="])
    expect("its values", shell.offers("nirc run --semantics norse,reset=s"), ["norse,reset=subtract"])
    expect("an equals sign", shell.offers("nirc run --target=lo"), ["--target=loihi2"])
    expect("the start of a value", shell.offers("nirc compile model.nir --emit ob"), ["object"])
    expect("an optional value", shell.offers("nirc run x --emulate="), ["--emulate=qemu", "--emulate=host"])
    expect("a code", shell.offers("nirc explain no-st"), ["no-step"])
    expect("shells", shell.offers("nirc completion "), ["bash", "fish", "zsh"])
    expect("an option before the command", shell.offers("nirc --load-"), ["--load-backend"])
    expect("the command behind it", shell.offers("nirc --load-backend chip.json inspec"), ["inspect"])
    expect("its options", shell.offers("nirc --load-backend chip.json compile --nam"), ["--name"])
    expect("cores", shell.offers("nirc map --target "), ["loihi2", "spinnaker2"])
    if not isinstance(shell, Fish):  # which knows the first value alone
        expect("several values", shell.offers("nirc eval m.nir --formats int8 in"), ["int8", "int4", "int16"])


def check_files(shell, folder):
    for name in ("net.nir", "text.mlir", "x.npy", "other.md"):
        with open(os.path.join(folder, name), "w", encoding="utf-8"):
            pass
    os.makedirs(os.path.join(folder, "sub"), exist_ok=True)
    before = os.getcwd()
    os.chdir(folder)
    seen = lambda line: {one.rstrip("/") for one in shell.offers(line)} & {  # noqa: E731
        "net.nir", "text.mlir", "x.npy", "other.md", "sub", "in=x.npy", "--input=x.npy", "constant:", "poisson:"}
    expect("models", seen("nirc run "), ["net.nir", "text.mlir", "sub"])
    expect("inputs", seen("nirc run net.nir --input "), ["x.npy", "sub", "constant:", "poisson:"])
    expect("the input of a node", seen("nirc run net.nir --input in=x"), ["in=x.npy"])
    expect("folders", seen("nirc compile net.nir -o "), ["sub"])
    if not isinstance(shell, Zsh):
        expect("behind an equals sign", seen("nirc run net.nir --input=x"), ["--input=x.npy"])
    os.chdir(before)


def check_in_bash_itself(folder):
    """Tab typed into a bash on a terminal."""
    import pty
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update({"PS1": "$ ", "TERM": "dumb"})
        os.chdir(folder)
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    os.write(terminal, b"source completion.bash; echo read''y\n")
    seen = b""
    while b"ready" not in seen:
        seen += os.read(terminal, 4096)
    # Home, then another command before it, which prints what Tab made of the line.
    os.write(terminal, b"nirc run ne\t--tar\tlo\t--dtype=float3\t--semantics norse,reset=su\t--input in=x\t\x01printf '<%s>' \n exit\n")
    seen = b""
    try:
        while chunk := os.read(terminal, 4096):
            seen += chunk
    except OSError:  # the terminal's other side is closed
        pass
    os.waitpid(pid, 0)
    text = re.sub(rb"\x1b\[[^a-zA-Z]*[a-zA-Z]|[\x07\x08]", b"", seen).decode()
    wanted = "<nirc><run><net.nir><--target><loihi2><--dtype=float32><--semantics><norse,reset=subtract><--input><in=x.npy>"
    if wanted not in text:
        sys.exit(f"bash on a terminal: found {text!r}, expected {wanted!r}")


def check_rows(script):
    """No option is left to files of any name because nobody said what its values are."""
    with open(script, encoding="utf-8") as stream:
        found = re.search(r"^ *(.*)\) __nirc_files '' ''", stream.read(), re.MULTILINE)
    if found:
        sys.exit(f"tools/manual/Values.cpp does not say what the values are of {found.group(1)}")


def check_words():
    """Words that completion has a list of its own for are those that the options take, as their errors list them."""
    shell = Bash(tempfile.mkdtemp())
    model = ["nirc", "run", sys.argv[2], "--input", "constant:1", "--steps", "1", "--dt", "1ms"]
    for word in shell.offers("nirc run --dtype "):
        output_of(*model, "--dtype", word)
    for option in ("--fold", "--layout", "--time-unit", "--frames", "--polarity", "--time-zero", "--encoding"):
        words = shell.offers(f"nirc run {option} ")
        assert words, option
        refused = subprocess.run(model + [option, "none-such"], capture_output=True, text=True, check=False)
        assert refused.returncode == 2, (option, refused)
        listed = refused.stderr
        for word in words:
            if not re.search(rf"\b{re.escape(word)}(?![\w-])|{re.escape(word)}[A-Z]", listed):
                sys.exit(f"{option}: completion offers {word}, and the error lists\n{listed}")
        known = re.findall(r"[\w:-]+", re.split("expected|there are|one of", listed)[-1].split("[")[0].split("\n")[0])
        missing = [one for one in known if one.islower() and one not in words and one not in ("or", "and")]
        if missing:
            sys.exit(f"{option}: the error lists {missing}, which completion does not offer: {words}")


def check_pages(folder):
    """Every option in the page of its command, and pages that man and mandoc do not complain of."""
    pages = sorted(os.listdir(folder))
    assert pages == sorted(["nirc.1"] + [f"nirc-{command}.1" for command in commands()]), pages
    for command in [[]] + [[one] for one in commands()]:
        path = os.path.join(folder, "-".join(["nirc"] + command) + ".1")
        with open(path, encoding="utf-8") as stream:
            assert stream.read() == output_of("nirc", "manual", *command), path
        shown = re.sub("\x1b\\[[0-9;]*m|.\b", "", output_of("man", "-P", "cat", "-l", path, env={**os.environ, "MANWIDTH": "200"}))
        options, arguments = entries_of(command)
        for name in [name for names, _ in options for name in names] + arguments:
            assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", shown), (path, name)
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"):
            assert f"\n{section}\n" in shown, (path, section)
        if not command:
            for word in ("ENVIRONMENT", "NIRC_READ_HELPER", "NIRC_CACHE_DIR", "FILES", "~/.cache/nirc", "0      Done."):
                assert word in shown, (path, word)
        complaints = subprocess.run(["man", "--warnings", "-P", "cat", "-l", path], capture_output=True, text=True, check=True).stderr
        # A date would make pages of the same nirc differ.
        lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True, check=False).stdout
        complaints += "".join(line for line in lint.splitlines(True) if "missing date" not in line)
        assert not complaints, complaints


def check_variables(root):
    """Every variable that the sources read is in the page."""
    page = output_of("nirc", "manual")
    for folder in ("api", "backends", "dialects", "ir", "passes", "plugins", "tools"):
        for here, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if name.endswith((".cpp", ".h")):
                    with open(os.path.join(here, name), encoding="utf-8") as stream:
                        text = stream.read()
                    for variable in re.findall(r'(?:getenv|variable)\("([A-Z_]+)"\)', text):
                        assert f".B {variable}\n" in page, f"{here}/{name} reads {variable}, which tools/manual/Surroundings.cpp has not"


def main():
    what = sys.argv[1]
    if what == "man":
        return check_pages(sys.argv[2])
    if what == "words":
        return check_words()
    if what == "variables":
        return check_variables(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        shell = {"bash": Bash, "fish": Fish, "zsh": Zsh}[what](folder)
        check_options(shell)
        check_values(shell, folder)
        check_files(shell, folder)
        if what == "bash":
            check_rows(shell.script)
            check_in_bash_itself(folder)
    return None


main()
