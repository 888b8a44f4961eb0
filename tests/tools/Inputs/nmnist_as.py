"""Writes an N-MNIST recording in other formats, from their published descriptions: nmnist_as.py FILE FOLDER."""
import struct
import sys


def events(data):
    wrapped = 0
    for x, y, high, low in struct.iter_unpack(">BBBH", data):
        if y == 240:
            wrapped += 1 << 13
        else:
            yield ((high & 0x7F) << 16 | low) + wrapped, x, y, high >> 7


def main(file, folder):
    with open(file, "rb") as stream:
        found = list(events(stream.read()))
    with open(folder + "/x.csv", "w") as out:
        out.write("x,y,p,t\n")
        out.writelines(f"{x},{y},{p},{t}\n" for t, x, y, p in found)
    with open(folder + "/seconds.txt", "w") as out:
        out.writelines(f"{t / 1e6:.6f} {x} {y} {p}\n" for t, x, y, p in found)
    with open(folder + "/x.npy", "wb") as out:
        header = f"{{'descr': [('p', '|i1'), ('t', '<u4'), ('x', '>i2'), ('y', '|u1')], 'fortran_order': False, " \
                 f"'shape': ({len(found)},), }}\n".encode()
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        for t, x, y, p in found:
            out.write(struct.pack("<bI", p or -1, t) + struct.pack(">hB", x, y))
    with open(folder + "/x.dat", "wb") as out:
        out.write(b"% Version 2\n% Width 34\n% Height 34\n\x0c\x08")
        for t, x, y, p in found:
            out.write(struct.pack("<II", t, x | y << 14 | p << 28))
    with open(folder + "/x.raw", "wb") as out:
        out.write(b"% evt 3.0\n% geometry 34x34\n% end\n")
        for t, x, y, p in found:
            t += 5 << 24 | 12345  # the camera runs for a while
            out.write(struct.pack("<4H", 0x8000 | t >> 12 & 0xFFF, 0x6000 | t & 0xFFF, y, 0x2000 | p << 11 | x))
    with open(folder + "/x.aedat", "wb") as out:
        out.write(b"#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: unknown\r\n#!END-HEADER\r\n")
        n = len(found)
        out.write(struct.pack("<hhiiiiii", 1, 1, 8, 4, 0, n, n, n))
        for t, x, y, p in found:
            out.write(struct.pack("<Ii", 1 | p << 1 | y << 2 | x << 17, t))


if __name__ == "__main__":
    main(*sys.argv[1:])
