"""Names and symbols of an ELF file, changed where they are: nothing in the file moves, and it does not grow.

patchelf renames too, by a second copy of all names: 19 MB of libMLIR's. ELF of 64 bits, little-endian, with section headers.
"""
import mmap
import struct

DYNAMIC, DYNSYM, VERDEF, VERNEED, VERSYM = 6, 11, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF  # sh_type
DT_NULL, DT_NEEDED, DT_SONAME, DT_VERNEEDNUM = 0, 1, 14, 0x6FFFFFFF
SHN_UNDEF, STB_WEAK, VER_NDX_GLOBAL = 0, 2, 1
SECTION = "<IIQQQQIIQQ"  # name, type, flags, address, offset, size, link, info, alignment, size of an entry
SH_TYPE, SH_OFFSET, SH_SIZE, SH_LINK, SH_INFO = 1, 4, 5, 6, 7


class Image:
    """An open file; `with` closes it."""

    def __init__(self, path):
        self.path = path
        self.stream = open(path, "r+b")
        self.bytes = mmap.mmap(self.stream.fileno(), 0)
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is no little-endian ELF file of 64 bits")
        start, = struct.unpack_from("<Q", self.bytes, 40)
        count, = struct.unpack_from("<H", self.bytes, 60)
        self.headers = [start + 64 * index for index in range(count)]
        sections = [struct.unpack_from(SECTION, self.bytes, header) for header in self.headers]
        self.section = {one[SH_TYPE]: (header, one) for header, one in zip(self.headers, sections)
                        if one[SH_TYPE] in (DYNAMIC, DYNSYM, VERDEF, VERNEED, VERSYM)}
        self.names = sections[self.section[DYNAMIC][1][SH_LINK]][SH_OFFSET]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bytes.close()
        self.stream.close()

    def text(self, name):
        start = self.names + name
        return self.bytes[start:self.bytes.find(b"\0", start)].decode()

    def extent(self, kind):
        _, section = self.section[kind]
        return section[SH_OFFSET], section[SH_SIZE]

    def dynamic(self):
        """[(tag, value), ...] up to the end of the table."""
        start, size = self.extent(DYNAMIC)
        entries = list(struct.iter_unpack("<qQ", self.bytes[start:start + size]))
        return entries[:next(index for index, entry in enumerate(entries) if entry[0] == DT_NULL)]

    def set_dynamic(self, entries):
        start, size = self.extent(DYNAMIC)
        content = b"".join(struct.pack("<qQ", *entry) for entry in entries)
        self.bytes[start:start + size] = content.ljust(size, b"\0")

    def needs(self):
        """[(version, name of the file, [entry of a version, ...]), ...] of the section .gnu.version_r."""
        found = []
        if VERNEED in self.section:
            place, _ = self.extent(VERNEED)
            for _ in range(self.section[VERNEED][1][SH_INFO]):
                version, count, file, first, following = struct.unpack_from("<HHIII", self.bytes, place)
                entries, at = [], place + first
                for _ in range(count):
                    entries.append(struct.unpack_from("<IHHII", self.bytes, at))  # hash, flags, index, name, next
                    at += entries[-1][4]
                found.append((version, file, entries))
                place += following
        return found

    def set_needs(self, needs):
        start, size = self.extent(VERNEED)
        content = b""
        for version, file, entries in needs:
            following = 0 if file == needs[-1][1] else 16 + 16 * len(entries)
            content += struct.pack("<HHIII", version, len(entries), file, 16, following)
            for index, entry in enumerate(entries):
                content += struct.pack("<IHHII", *entry[:4], 0 if index == len(entries) - 1 else 16)
        self.bytes[start:start + size] = content.ljust(size, b"\0")
        header, section = self.section[VERNEED]
        section = list(section)
        section[SH_SIZE], section[SH_INFO] = len(content), len(needs)
        struct.pack_into(SECTION, self.bytes, header, *section)
        self.section[VERNEED] = header, tuple(section)
        self.set_dynamic([(tag, len(needs) if tag == DT_VERNEEDNUM else value) for tag, value in self.dynamic()])

    def rename_libraries(self, renamed):
        """Of the file's own name and those of what it needs: `renamed` has names of the same length."""
        places = {value for tag, value in self.dynamic() if tag in (DT_NEEDED, DT_SONAME)}
        places |= {file for _, file, _ in self.needs()}
        for place in places:
            old = self.text(place)
            if old in renamed:
                new = renamed[old]
                if len(new) != len(old) or self.bytes[self.names + place - 1] != 0:
                    raise ValueError(f"{self.path}: {old} cannot become {new} where it is")
                self.bytes[self.names + place:self.names + place + len(old)] = new.encode()

    def forget_library(self, library, offered):
        """The file no longer needs `library`; what it has of the names `offered` are weak symbols, which are null.

        Returns these names."""
        dynamic = self.dynamic()
        self.set_dynamic([(tag, value) for tag, value in dynamic if tag != DT_NEEDED or self.text(value) != library])
        needs = self.needs()
        gone = {entry[2] for _, file, entries in needs if self.text(file) == library for entry in entries}
        if gone:
            self.set_needs([one for one in needs if self.text(one[1]) != library])
        symbols, size = self.extent(DYNSYM)
        versions = self.extent(VERSYM)[0] if VERSYM in self.section else None
        found = set()
        for index, symbol in enumerate(struct.iter_unpack("<IBBHQQ", self.bytes[symbols:symbols + size])):
            name, info, _, section, _, _ = symbol
            version = struct.unpack_from("<H", self.bytes, versions + 2 * index)[0] if versions else VER_NDX_GLOBAL
            if index == 0 or section != SHN_UNDEF:
                continue
            if version in gone or (version <= VER_NDX_GLOBAL and not gone and self.text(name) in offered):
                self.bytes[symbols + 24 * index + 4] = STB_WEAK << 4 | info & 15
                if versions:
                    struct.pack_into("<H", self.bytes, versions + 2 * index, VER_NDX_GLOBAL)
                found.add(self.text(name))
        return found

    def replace_constant(self, old, new):
        """A text of the program, which is there once."""
        place = self.bytes.find(old)
        if len(old) != len(new) or place < 0 or self.bytes.find(old, place + 1) >= 0:
            raise ValueError(f"{self.path}: expected {old} once, to become {new}")
        self.bytes[place:place + len(old)] = new
