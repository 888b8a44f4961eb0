"""Calls a unit in every order, with wrong arguments and in wrong states: what must go on does, the rest is fmi3Error and said.

    calls.py EXAMPLES HEADERS LIF.fmu OTHER.fmu      LIF.fmu: of lif.nir with --record lif:v; OTHER.fmu: of another network
"""
import ctypes
import os
import re
import sys
import unittest

EXAMPLES, HEADERS, LIF, OTHER = sys.argv[1:5]
sys.path.insert(0, os.path.join(EXAMPLES, "fmi"))
sys.dont_write_bytecode = True
from unit import STATUS, Failed, Unit

BOOL, DOUBLE, SIZE = ctypes.c_bool, ctypes.c_double, ctypes.c_size_t
ERROR = STATUS.index("error")


def declared():
    with open(os.path.join(HEADERS, "fmi3Functions.h"), encoding="utf-8") as file:
        return re.findall(r"FMI3_Export (fmi3\w+)TYPE", file.read())


def nothing(function):
    """An argument for each parameter that the header gives the function: NULL, 0 or false."""
    with open(os.path.join(HEADERS, "fmi3FunctionTypes.h"), encoding="utf-8") as file:
        found = re.search(rf"{function}TYPE\s*\((.*?)\);", file.read(), re.DOTALL)
    kinds = [] if found.group(1).strip() == "void" else found.group(1).split(",")
    return [DOUBLE(0) if re.fullmatch(r"\s*fmi3Float64\s+\w+\s*", kind) else None for kind in kinds]


class Fresh(Unit):
    """An instance before its initialization."""

    def start(self):
        pass

    def initialize(self):
        super().start()


class Calls(unittest.TestCase):
    def setUp(self):
        self.unit = Fresh(LIF)
        self.addCleanup(self.unit.close)

    def fails(self, pattern, function, *arguments):
        """An error that is said, after which the instance is terminated."""
        count = len(self.unit.messages)
        with self.assertRaisesRegex(Failed, "returned error: .*" + pattern):
            function(*arguments)
        self.assertEqual(len(self.unit.messages), count + 1)
        self.assertEqual(self.unit.messages[-1][:2], ("error", "logStatusError"))
        with self.assertRaisesRegex(Failed, "in the state Terminated"):
            self.unit.step(0.001)

    def running(self):
        self.unit.call("Reset")
        self.unit.time = 0.0
        self.unit.initialize()
        return self.unit

    def spikes(self, steps, current=1.5):
        """Of so many steps from now on, as a list of the voltages after each."""
        self.unit.set("input", current)
        voltages = []
        for _ in range(steps):
            self.unit.step(0.001)
            voltages.append(self.unit.get("lif.v"))
        return voltages

    def test_version(self):
        self.unit.library.fmi3GetVersion.restype = ctypes.c_char_p
        self.assertEqual(self.unit.library.fmi3GetVersion(), b"3.0")

    def test_no_instance(self):
        """Every function takes a NULL for its instance, and for every other pointer."""
        names = declared()
        self.assertEqual(len(names), 75)
        for name in names:
            function = getattr(self.unit.library, name)
            if name == "fmi3GetVersion":
                continue
            if "Instantiate" in name or name == "fmi3FreeInstance":
                function.restype = ctypes.c_void_p
                result = function(*nothing(name))
                self.assertTrue(result is None or name == "fmi3FreeInstance", name)
            else:
                self.assertEqual(function(*nothing(name)), ERROR, name)

    def test_no_pointers(self):
        """With an instance, NULL for every pointer and 0 for every number is an error, or does nothing."""
        for name in declared():
            if name == "fmi3GetVersion" or "Instance" in name or "Instantiate" in name:
                continue
            for initialized in (False, True):
                self.unit.call("Reset")
                if initialized:
                    self.unit.initialize()
                arguments = nothing(name)
                arguments[0] = ctypes.c_void_p(self.unit.instance)
                moves = {"fmi3EnterInitializationMode": not initialized, "fmi3Terminate": initialized}
                is_in_order = (moves.get(name, name in ("fmi3SetDebugLogging", "fmi3Reset"))
                               or re.fullmatch(r"fmi3[GS]et(Float|U?Int|Boolean|String|Binary)\d*", name))
                self.assertEqual(getattr(self.unit.library, name)(*arguments), 0 if is_in_order else ERROR, name)

    def test_instantiation(self):
        for name, token, said in (("", None, "instanceName"), ("  ", None, "instanceName"),
                                  ("a", "0" * 64, "not that of this unit"), ("a", "", None)):
            self.unit.messages.clear()
            made = self.unit.make(name, token)
            self.assertEqual(made is None, said is not None)
            if said:
                self.assertIn(said, self.unit.messages[0][2])
            else:
                self.unit.library.fmi3FreeInstance(ctypes.c_void_p(made))
        self.unit.messages.clear()
        self.assertIsNone(self.unit.make("a", "wrong", logs=False))
        self.assertEqual(self.unit.messages, [])
        self.assertEqual(self.unit.instantiate_raw(event_mode=True), None)
        self.assertIn("event mode", self.unit.messages[-1][2])
        self.assertEqual(self.unit.instantiate_raw(intermediate=1), None)
        self.assertIn("intermediate updates", self.unit.messages[-1][2])

    def test_order(self):
        """What may follow what. Every call that may not is an error."""
        initialize = (BOOL(False), DOUBLE(0), DOUBLE(0), BOOL(False), DOUBLE(0))
        calls = {"EnterInitializationMode": initialize, "ExitInitializationMode": (), "Terminate": ()}
        paths = {"Instantiated": [], "Initialization Mode": ["EnterInitializationMode"],
                 "Step Mode": ["EnterInitializationMode", "ExitInitializationMode"],
                 "Terminated": ["EnterInitializationMode", "ExitInitializationMode", "Terminate"]}
        after = {"Instantiated": "EnterInitializationMode", "Initialization Mode": "ExitInitializationMode",
                 "Step Mode": "Terminate", "Terminated": None}
        for state, path in paths.items():
            for name, arguments in calls.items():
                self.unit.call("Reset")
                for before in path:
                    self.unit.call(before, *calls[before])
                if name == after[state]:
                    self.unit.call(name, *arguments)
                else:
                    self.fails(f"cannot be called in the state {state}", self.unit.call, name, *arguments)
            self.unit.call("Reset")
            for before in path:
                self.unit.call(before, *calls[before])
            self.unit.get("lif.v")
            if state == "Terminated":
                self.fails("in the state Terminated", self.unit.set, "input", 1.0)
            else:
                self.unit.set("input", 1.0)
                self.assertEqual(self.unit.get("input"), 1.0)
            if state != "Step Mode" and state != "Terminated":
                self.fails(f"fmi3DoStep: cannot be called in the state {state}", self.unit.step, 0.001)

    def test_times(self):
        for duration in (0.0015, 0.0, -0.001, 0.00100001, 1e-9, float("nan"), float("inf"), 1e300):
            self.fails("expected a multiple of the network's step of 0.001", self.running().step, duration)
        unit = self.running()
        unit.time = 0.001
        self.fails("found the communication point 0.001", unit.step, 0.001)
        unit = self.running()
        unit.time = float("nan")
        self.fails("found the communication point", unit.step, 0.001)

    def test_rounded_times(self):
        """An importer that adds up its steps is off by roundings."""
        unit, time = self.running(), 0.0
        for _ in range(20000):
            unit.time = time
            unit.step(0.001)
            time += 0.001
        self.assertNotEqual(time, unit.time)
        self.assertEqual(unit.time, 20000 * 0.001)
        self.assertEqual(unit.get("time"), unit.time)

    def test_stop(self):
        for stop, steps in ((0.003, 3), (0.0035, 3)):
            self.unit.call("Reset")
            self.unit.call("EnterInitializationMode", BOOL(False), DOUBLE(0), DOUBLE(0), BOOL(True), DOUBLE(stop))
            self.unit.call("ExitInitializationMode")
            self.unit.time = 0.0
            for _ in range(steps):
                self.unit.step(0.001)
            self.fails(f"expected at most the stop time {stop}", self.unit.step, 0.001)
        self.unit.call("Reset")
        self.fails("the stop", self.unit.call, "EnterInitializationMode", BOOL(False), DOUBLE(0), DOUBLE(1),
                   BOOL(True), DOUBLE(0))
        self.unit.call("Reset")
        self.fails("the start nan", self.unit.call, "EnterInitializationMode", BOOL(False), DOUBLE(0),
                   DOUBLE(float("nan")), BOOL(False), DOUBLE(0))

    def test_start_is_not_zero(self):
        late = Unit(LIF, start=1000.0)
        self.addCleanup(late.close)
        late.step(0.004)
        self.assertEqual(late.get("time"), 1000.004)

    def test_variables(self):
        variable = self.unit.variables["lif.v"]
        values = (DOUBLE * 1)()
        reference = ctypes.c_uint32(variable.reference)
        for pattern, name, arguments in (
                ("#%d# is of type Float64" % variable.reference, "GetFloat32", (ctypes.byref(reference), SIZE(1), values, SIZE(1))),
                ("#%d# is of type Float64" % variable.reference, "GetInt32", (ctypes.byref(reference), SIZE(1), values, SIZE(1))),
                ("is not an input", "SetFloat64", (ctypes.byref(reference), SIZE(1), values, SIZE(1))),
                ("found 2 values, expected 1", "GetFloat64", (ctypes.byref(reference), SIZE(1), values, SIZE(2))),
                ("found 0 values, expected 1", "GetFloat64", (ctypes.byref(reference), SIZE(1), values, SIZE(0))),
                ("found no values", "GetFloat64", (ctypes.byref(reference), SIZE(1), None, SIZE(1))),
                ("found no valueReferences", "GetFloat64", (None, SIZE(1), values, SIZE(1))),
                ("found the value reference 4000000000", "GetFloat64",
                 (ctypes.byref(ctypes.c_uint32(4000000000)), SIZE(1), values, SIZE(1))),
                ("is of type", "SetBoolean", (ctypes.byref(ctypes.c_uint32(1)), SIZE(1), values, SIZE(1)))):
            self.running()
            self.fails(pattern, self.unit.call, name, *arguments)
        time = ctypes.c_uint32(0)
        self.running()
        self.fails("#0# is not an input", self.unit.call, "SetFloat64", ctypes.byref(time), SIZE(1), values, SIZE(1))

    def test_nothing_is_set_where_one_is_wrong(self):
        unit = self.running()
        unit.set("input", 0.25)
        references = (ctypes.c_uint32 * 2)(1, 0)
        with self.assertRaises(Failed):
            unit.call("SetFloat64", references, SIZE(2), (DOUBLE * 2)(7, 7), SIZE(2))
        self.assertEqual(unit.get("input"), 0.25)

    def test_many_at_once(self):
        unit = self.running()
        unit.set("input", 2.0)
        unit.step(0.001)
        references = (ctypes.c_uint32 * 3)(unit.variables["lif.v"].reference, 0, 1)
        values = (DOUBLE * 3)()
        unit.call("GetFloat64", references, SIZE(3), values, SIZE(3))
        self.assertEqual(list(values), [unit.get("lif.v"), 0.001, 2.0])

    def test_odd_numbers(self):
        for number in (float("nan"), float("inf"), 1e308, -1e308, 5e-324):
            unit = self.running()
            unit.set("input", number)
            unit.step(0.01)
            unit.get("lif.v")

    def test_reset(self):
        self.running()
        first = self.spikes(30)
        self.assertIn(0.0, first)  # it spiked
        self.running()
        self.assertEqual(self.unit.get("input"), 0.0)
        self.assertEqual(self.unit.get("lif.v"), 0.0)
        self.assertEqual(self.spikes(30), first)

    def test_two_instances(self):
        self.running()
        alone = self.spikes(30)
        other = Unit(LIF)
        self.addCleanup(other.close)
        self.running()
        self.unit.set("input", 1.5)
        for voltage in alone:
            other.set("input", -3.0)
            other.step(0.002)
            self.unit.step(0.001)
            self.assertEqual(self.unit.get("lif.v"), voltage)

    def test_counts(self):
        self.running()
        self.unit.set("input", 1.5)
        seen = 0
        for _ in range(40):
            self.unit.step(0.001)
            self.assertEqual(self.unit.get("output"), self.unit.get("output.count"))
            seen += self.unit.get("output")
        self.running()
        self.unit.set("input", 1.5)
        self.unit.step(0.04)
        self.assertEqual(self.unit.get("output.count"), seen)
        self.assertGreater(seen, 2)

    def kept(self):
        state = ctypes.c_void_p()
        self.unit.call("GetFMUState", ctypes.byref(state))
        return state

    def written(self, state):
        size = SIZE()
        self.unit.call("SerializedFMUStateSize", state, ctypes.byref(size))
        data = (ctypes.c_uint8 * size.value)()
        self.unit.call("SerializeFMUState", state, data, size)
        return bytes(data)

    def read(self, data):
        state = ctypes.c_void_p()
        self.unit.call("DeserializeFMUState", (ctypes.c_uint8 * len(data))(*data), SIZE(len(data)), ctypes.byref(state))
        return state

    def test_states(self):
        self.running()
        self.spikes(17)
        state, time = self.kept(), self.unit.time
        first = self.spikes(25)
        for again in (state, self.read(self.written(state))):
            self.unit.call("SetFMUState", again)
            self.assertEqual(self.unit.get("time"), time)
            self.assertEqual(self.unit.get("input"), 1.5)
            self.unit.time = time
            self.assertEqual(self.spikes(25), first)
        address = state.value
        self.unit.call("GetFMUState", ctypes.byref(state))  # takes the memory of the old one
        self.assertEqual(state.value, address)
        self.unit.call("FreeFMUState", ctypes.byref(state))
        self.assertIsNone(state.value)
        self.unit.call("FreeFMUState", ctypes.byref(state))

    def test_state_of_another_instance(self):
        """A written state goes on in another process; here in another instance."""
        self.running()
        self.spikes(17)
        data, time = self.written(self.kept()), self.unit.time
        first = self.spikes(25)
        self.unit.close()
        self.unit = Fresh(LIF)
        self.addCleanup(self.unit.close)
        self.unit.call("SetFMUState", self.read(data))
        self.unit.time = time
        self.assertEqual(self.spikes(25), first)

    def test_state_after_an_error(self):
        self.running()
        self.spikes(3)
        state, time = self.kept(), self.unit.time
        self.fails("expected a multiple", self.unit.step, 0.0005)
        self.unit.call("SetFMUState", state)
        self.unit.time = time
        self.unit.step(0.001)

    def test_damaged_states(self):
        self.running()
        data = self.written(self.kept())
        for at in (0, 8, 40, 71, 72, 80, 95, len(data) // 2, len(data) - 1):
            self.running()
            damaged = bytearray(data)
            damaged[at] ^= 1
            self.fails("the state is", self.read, bytes(damaged))
        for length in (0, 1, 87, 88, len(data) - 1):
            self.running()
            self.fails("the state is", self.read, data[:length])
        self.running()
        self.fails("the state is", self.read, data + b"\\0")
        other = Unit(OTHER)
        self.addCleanup(other.close)
        with self.assertRaisesRegex(Failed, "the state is of another unit"):
            state = ctypes.c_void_p()
            other.call("DeserializeFMUState", (ctypes.c_uint8 * len(data))(*data), SIZE(len(data)), ctypes.byref(state))
        self.running()
        self.fails("found room for 3 bytes", self.unit.call, "SerializeFMUState", self.kept(), (ctypes.c_uint8 * 3)(), SIZE(3))
        self.running()
        self.fails("not one of this unit", self.unit.call, "SetFMUState", (ctypes.c_uint8 * 64)())

    def test_logging(self):
        def logging(on, *categories):
            names = (ctypes.c_char_p * len(categories))(*[name.encode() for name in categories])
            self.unit.call("SetDebugLogging", BOOL(on), SIZE(len(categories)), names if categories else None)

        self.running()
        self.assertEqual(self.unit.messages[-1], ("OK", "logEvents", "initialized at 0 s"))
        logging(False)
        count = len(self.unit.messages)
        self.assertRaises(Failed, self.unit.step, 0.0005)
        self.assertEqual(len(self.unit.messages), count)
        logging(True, "logStatusError")
        self.assertRaises(Failed, self.unit.step, 0.0005)
        self.assertEqual(len(self.unit.messages), count + 1)
        self.running()
        self.fails("category 0 is neither logEvents nor logStatusError", logging, True, "logAll")

    def test_without_a_log(self):
        bare = self.unit.instantiate_raw(log=False)
        self.assertIsNotNone(bare)
        self.assertEqual(self.unit.library.fmi3Terminate(ctypes.c_void_p(bare)), ERROR)
        self.unit.library.fmi3FreeInstance(ctypes.c_void_p(bare))


def instantiate_raw(self, event_mode=False, intermediate=0, log=True):
    function = self.library.fmi3InstantiateCoSimulation
    function.restype = ctypes.c_void_p
    references = (ctypes.c_uint32 * 1)(1)
    return function(b"raw", self.token.encode(), None, BOOL(False), BOOL(True), BOOL(event_mode), BOOL(False), references,
                    SIZE(intermediate), None, self.log if log else None, None)


Fresh.instantiate_raw = instantiate_raw

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
