"""nirc-VERSION-linux-x86_64.tar.gz, of a relocatable tree: the same bytes for the same tree."""
import gzip
import os
import tarfile

import tree as trees


def write(tree, name, path, epoch, level):
    """`name` is the folder that the tarball unpacks. gzip, as a minimal Debian has neither xz nor zstd."""
    folders = {os.path.dirname(file) for file in trees.files_below(tree)}
    for folder in list(folders):
        while folder:
            folders.add(folder)
            folder = os.path.dirname(folder)
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=level, mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in sorted(folders | set(trees.files_below(tree))):
            entry = archive.gettarinfo(os.path.join(tree, file), os.path.join(name, file) if file else name)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mtime = epoch
            entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 or entry.issym() else 0o644
            if entry.isreg():
                with open(os.path.join(tree, file), "rb") as stream:
                    archive.addfile(entry, stream)
            else:
                archive.addfile(entry)
