"""Follows the links of all pages: each file must be there, and each heading.

    links.py FOLDER

The pages are the .md files of FOLDER that git knows. Links to other sites are not followed.
"""
import pathlib
import re
import subprocess
import sys


def prose(page):
    """The text of a page without its code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", lambda code: code.group() if "](" not in code.group() else "", text)


def anchors(page):
    """The names that GitHub gives to a page's headings."""
    names = set()
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.M):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        names.add(name)
    return names


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    listed = subprocess.run(["git", "-C", folder, "ls-files", "-z", "*.md"], stdout=subprocess.PIPE)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    pages = [folder / name for name in names] or [
        page for page in folder.rglob("*.md") if "build" not in page.relative_to(folder).parts[0]]
    count, broken = 0, []
    for page in filter(pathlib.Path.exists, pages):
        for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            if "://" in link:
                continue
            count += 1
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists():
                broken.append(f"{page.relative_to(folder)}: no file {link}")
            elif anchor and anchor not in anchors(target):
                broken.append(f"{page.relative_to(folder)}: no heading {link}")
    if broken or count == 0:
        sys.exit("\n".join(broken) or "found no links")
    print(f"{count} links of {len(pages)} pages lead somewhere")


main()
