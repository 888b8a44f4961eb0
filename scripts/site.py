#!/usr/bin/env python3
"""Stages the pages of the docs site, and checks the site that was built of them. scripts/site.sh calls it.

    site.py stage BUILD PAGES   the repository's pages, the generated reference of BUILD, and what BUILD has for the web
    site.py check SITE          every link inside the site leads to a file and, where it says so, to a place in it

Pages keep their paths, so their links stay as they are. A link to a source leads to a page that shows it.
"""

import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!!)\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]\(([^()\s]+)\)")
LANGUAGES = {".py": "python", ".cpp": "cpp", ".h": "cpp", ".c": "c", ".json": "json", ".sh": "bash", ".md": "markdown"}
LARGEST_SOURCE = 200_000  # bytes; a larger one is no page to read


def tracked():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True)
    return {path for path in listed.stdout.split("\n") if path and (ROOT / path).is_file()}


def outside_fences(text):
    """The lines, each with whether it is outside of code."""
    fence = None
    for line in text.split("\n"):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if fence is None and mark:
            fence = mark.group(1)
            yield line, False
        elif fence is not None:
            if line.strip() == fence:
                fence = None
            yield line, False
        else:
            yield line, True


def as_python_markdown(text):
    """GitHub takes a list without a blank line before it, and two spaces for a list in a list."""
    lines = []
    for line, is_text in outside_fences(text):
        item = re.match(r"(\s*)([-*]|\d+\.) ", line) if is_text else None
        if item and lines and lines[-1].strip() and not re.match(r"\s*([-*]|\d+\.) |\s", lines[-1]):
            lines.append("")
        lines.append("  " + line if item and item.group(1) == "  " else line)
    return "\n".join(lines)


class Stage:
    def __init__(self, build, pages):
        self.build, self.pages = build, pages
        self.files = tracked()
        self.shown = set()

    def write(self, path, text):
        target = self.pages / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def show(self, path):
        """The page that shows a source, or the file itself where it is none to read."""
        source = ROOT / path
        try:
            text = source.read_text() if source.stat().st_size <= LARGEST_SOURCE else None
        except UnicodeDecodeError:
            text = None
        if text is None or source.suffix == ".svg":
            (self.pages / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, self.pages / path)
            return path
        page = f"source/{path}.md"
        if page not in self.shown:
            self.shown.add(page)
            fence = "`" * (2 + max([1] + [len(run) for run in re.findall("`+", text)]))
            self.write(page, f"# {path}\n\n{fence}{LANGUAGES.get(source.suffix, 'text')}\n{text}\n{fence}\n")
        return page

    def target(self, page, link):
        """Where a link of a page leads on the site; None: to nothing that the site has."""
        url, _, place = link.partition("#")
        if not url or re.match(r"[a-z]+:", url):
            return link
        folder = pathlib.PurePosixPath(page).parent
        path = str(pathlib.PurePosixPath(*resolve(folder / urllib.parse.unquote(url))))
        if path.endswith(".md") and path in self.files or (self.pages / path).is_file():
            return link
        if path in self.files:
            path = self.show(path)
        elif (ROOT / path).is_dir() and f"{path}/README.md" in self.files:
            path = f"{path}/README.md"
        else:
            return None
        up = "../" * len([part for part in folder.parts if part != "."])
        return f"{up}{path}" + (f"#{place}" if place else "")

    def page(self, path, text):
        def link(match):
            target = self.target(path, match.group(2))
            return match.group(1) if target is None else f"[{match.group(1)}]({target})"

        lines = []
        for line, is_text in outside_fences(as_python_markdown(text)):
            lines.append(LINK.sub(link, line) if is_text else line)
        for image in re.findall(r"!\[[^\]]*\]\(([^()\s]+)\)", text):
            self.target(path, image)
        self.write(path, "\n".join(lines))

    def commands(self):
        """What `nirc help` says of each command."""
        nirc = self.build / "bin" / "nirc"
        said = lambda *words: subprocess.run([nirc, "help", *words], capture_output=True, text=True, check=True).stdout
        names = re.findall(r"^  ([a-z]+) ", said().partition("Subcommands:")[2], re.MULTILINE)
        assert names, "nirc help lists commands"
        text = "# Commands\n\nWhat `nirc help COMMAND` prints. [cli.md](../cli.md) explains it.\n"
        for name in names:
            text += f"\n## nirc {name}\n\n```text\n{said(name)}```\n"
        self.page("docs/reference/commands.md", text)

    def reference(self):
        for file in sorted((self.build / "docs" / "reference").glob("*.md")):
            title = file.stem.replace("-", " ")
            text = file.read_text().replace("<!-- Autogenerated by mlir-tblgen; don't manually edit -->", "")
            heading = "" if re.match(r"\s*# ", text) else f"# {title}\n\n"
            self.page(f"docs/reference/{file.name}", heading + text)

    def web(self):
        """The page that opens any .nir, and reports of examples: both are built elsewhere, and may not be there."""
        page = self.build / "web" / "dist" / "page"
        text = "# Open a .nir in the browser\n\n"
        if (page / "index.html").is_file():
            shutil.copytree(page, self.pages / "page", dirs_exist_ok=True)
            text += "[Open the page](page/index.html): drop a file there. It is read, checked, drawn and run in the browser; nothing is sent.\n"
        else:
            text += "The page is not a part of this build. `ninja -C build` makes it in `build/web/dist/page` where npm is installed.\n"
        self.write("page.md", text)

        reports = sorted(pathlib.Path(os.environ.get("NIRC_SITE_REPORTS", self.build / "reports")).glob("*.html"))
        text = "# Reports of the examples\n\n"
        for report in reports:
            (self.pages / "reports").mkdir(exist_ok=True)
            shutil.copyfile(report, self.pages / "reports" / report.name)
            text += f"- [{report.stem}](reports/{report.name})\n"
        text += "" if reports else "None is a part of this build, which had no npm.\n"
        self.write("reports.md", text)

    def all(self):
        shutil.rmtree(self.pages, ignore_errors=True)
        self.pages.mkdir(parents=True)
        self.web()
        self.reference()
        self.commands()
        for path in sorted(self.files):
            if path.endswith(".md"):
                self.page(path, (ROOT / path).read_text())
        print(f"{len(list(self.pages.rglob('*.md')))} pages, {len(self.shown)} of them sources")


def resolve(path):
    """The parts of a path without its dots."""
    parts = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return parts


class Places(html.parser.HTMLParser):
    """The links of a page, and the places in it that links can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.fetched = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.update(value for key in ("id", "name") if (value := attributes.get(key)))
        link = attributes.get("href") or attributes.get("src")
        if link:
            self.links.append(link)
        loads = tag in ("script", "img", "iframe", "source") or tag == "link" and attributes.get("rel") == "stylesheet"
        if link and loads and re.match(r"(https?:)?//", link):
            self.fetched.append(link)


def check(site):
    pages = {page: Places(page.read_text(errors="replace")) for page in sorted(site.rglob("*.html"))}
    faults = []
    count = 0
    for page, places in pages.items():
        name = page.relative_to(site)
        if name.parts[0] in ("page", "reports") or name.name == "404.html":  # these have tests of their own; absolute links
            continue
        faults += [f"{name}: loads {link} from elsewhere" for link in places.fetched]
        for link in places.links:
            url, _, place = link.partition("#")
            if re.match(r"([a-z]+:|//)", link):
                continue
            count += 1
            target = (page.parent / urllib.parse.unquote(url.partition("?")[0])).resolve() if url else page
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                faults.append(f"{name}: {link}: no such file")
            elif place and target in pages and urllib.parse.unquote(place) not in pages[target].ids:
                faults.append(f"{name}: {link}: no such place")
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    print(f"{count} links of {len(pages)} pages lead somewhere" if not faults else f"{len(faults)} links lead nowhere")
    return 1 if faults else 0


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "stage":
        Stage(pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()).all()
        return 0
    if len(sys.argv) == 3 and sys.argv[1] == "check":
        return check(pathlib.Path(sys.argv[2]).resolve())
    print(__doc__, file=sys.stderr)
    return 2


sys.exit(main())
