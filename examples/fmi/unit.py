"""Runs a co-simulation unit of FMI 3.0 from Python, with the standard library alone.

    unit = Unit("cart.fmu")
    unit.set("error", 0.5)
    unit.step(0.005)
    unit.get("output.count")

An importer that is made for reading: it knows the types that nirc writes. FMPy and other tools know all of FMI.
"""
import ctypes
import os
import tempfile
import xml.etree.ElementTree as xml
import zipfile

TYPES = {"Float64": ctypes.c_double, "Int32": ctypes.c_int32, "UInt8": ctypes.c_uint8}
LOG = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)
STATUS = ("OK", "warning", "discard", "error", "fatal")


class Failed(Exception):
    """A function of the unit did not return fmi3OK."""


class Variable:
    """One of modelDescription.xml."""

    def __init__(self, element):
        self.name = element.get("name")
        self.reference = int(element.get("valueReference"))
        self.type = element.tag
        self.causality = element.get("causality", "local")
        self.shape = tuple(int(dimension.get("start")) for dimension in element.iter("Dimension"))
        self.size = 1
        for length in self.shape:
            self.size *= length


class Unit:
    """An instance of a unit, ready for its first step."""

    def __init__(self, path, start=0.0, name="unit"):
        self.messages = []
        self.time = start
        self.folder = tempfile.TemporaryDirectory()
        with zipfile.ZipFile(path) as archive:
            archive.extractall(self.folder.name)
        root = xml.parse(os.path.join(self.folder.name, "modelDescription.xml")).getroot()
        kind = root.find("CoSimulation")
        self.dt = float(kind.get("fixedInternalStepSize"))
        self.token = root.get("instantiationToken")
        self.variables = {element.get("name"): Variable(element) for element in root.find("ModelVariables")}
        platform = f"{os.uname().machine}-{os.uname().sysname.lower()}"
        library = os.path.join(self.folder.name, "binaries", platform, kind.get("modelIdentifier") + ".so")
        self.library = ctypes.CDLL(library, mode=os.RTLD_LOCAL | os.RTLD_NOW)
        self.instance = self.make(name)
        self.start()

    def make(self, name, token=None, logs=True):
        """A new instance, before its initialization; None where the unit refuses."""
        self.log = LOG(self.take)  # kept for as long as the unit may call it
        instantiate = self.library.fmi3InstantiateCoSimulation
        instantiate.restype = ctypes.c_void_p
        return instantiate(name.encode(), (token or self.token).encode(), None, ctypes.c_bool(False),
                           ctypes.c_bool(logs), ctypes.c_bool(False), ctypes.c_bool(False), None,
                           ctypes.c_size_t(0), None, self.log, None)

    def take(self, _environment, status, category, message):
        self.messages.append((STATUS[status], category.decode(), message.decode()))

    def start(self):
        self.call("EnterInitializationMode", ctypes.c_bool(False), ctypes.c_double(0), ctypes.c_double(self.time),
                  ctypes.c_bool(False), ctypes.c_double(0))
        self.call("ExitInitializationMode")

    def call(self, name, *arguments):
        status = getattr(self.library, "fmi3" + name)(ctypes.c_void_p(self.instance), *arguments)
        if status != 0:
            said = self.messages[-1][2] if self.messages else "nothing was logged"
            raise Failed(f"fmi3{name} returned {STATUS[status]}: {said}")

    def access(self, verb, variable, values):
        reference = ctypes.c_uint32(variable.reference)
        self.call(verb + variable.type, ctypes.byref(reference), ctypes.c_size_t(1), values,
                  ctypes.c_size_t(len(values)))

    def set(self, name, values):
        """A number, or as many as the variable has, row-major."""
        variable = self.variables[name]
        values = [values] if variable.size == 1 and not hasattr(values, "__len__") else values
        self.access("Set", variable, (TYPES[variable.type] * len(values))(*values))

    def get(self, name):
        """A list of the variable's numbers; the number itself of a scalar."""
        variable = self.variables[name]
        values = (TYPES[variable.type] * variable.size)()
        self.access("Get", variable, values)
        return list(values) if variable.shape else values[0]

    def step(self, duration):
        event, terminate, early = ctypes.c_bool(), ctypes.c_bool(), ctypes.c_bool()
        last = ctypes.c_double()
        self.call("DoStep", ctypes.c_double(self.time), ctypes.c_double(duration), ctypes.c_bool(True),
                  ctypes.byref(event), ctypes.byref(terminate), ctypes.byref(early), ctypes.byref(last))
        self.time = last.value

    def close(self):
        if self.instance:
            self.library.fmi3FreeInstance(ctypes.c_void_p(self.instance))
            self.instance = None
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
