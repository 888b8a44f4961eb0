#!/usr/bin/env python3
"""Proves the streams inside the design: no beat is lost, doubled or overtaken, whatever the pauses on either side.

    formal/streams.py                        all modules of this folder
    formal/streams.py stream_buffer_9 ...    these

Each line of streams.txt is a module that passes beats on. A reset and then any number of cycles are taken by induction: an
invariant says where each beat is that is under way, and cvc5 shows that a reset makes it hold, that no cycle breaks it, and
that it forbids what is wrong:

  buffer, line   The beats that leave are those that entered, behind the ends of steps that a delay starts with, in their order;
                 but for the events of the first steps, where a delay drops those. A beat that waits stays as it is. What is
                 in the module gets to its output.
  ring           An event of an element leaves as many ends of steps later as the element's delay says, once, with its number,
                 and nothing else leaves. A beat that waits stays as it is. Each element sends one event a step at most.

Where the induction fails, a buffer or a line is searched for a fault over the first cycles (8, or --depth). A line for each
module. Ends with 0 if all are proven, with 1 where one is wrong, and with 2 where one was not decided. Needs yosys and cvc5.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent

# Terms of SMT-LIB


def bits_for(number):
    return max(1, number.bit_length())


def vector(number, bits):
    return f"(_ bv{number % (1 << bits)} {bits})"


def all_of(*terms):
    return f"(and true {' '.join(terms)})"


def implies(condition, *terms):
    return f"(=> {condition} {all_of(*terms)})"


def choose(condition, then, other):
    return f"(ite {condition} {then} {other})"


def negate(term):
    return f"(not {term})"


def equal(a, b):
    return f"(= {a} {b})"


def differ(a, b):
    return f"(distinct {a} {b})"


def any_of(*terms):
    return f"(or false {' '.join(terms)})"


def less(a, b):
    return f"(bvult {a} {b})"


def plus(a, b):
    return f"(bvadd {a} {b})"


def minus(a, b):
    return f"(bvsub {a} {b})"


def extract(term, low, bits):
    return f"((_ extract {low + bits - 1} {low}) {term})"


def low_bits(term, bits):
    return extract(term, 0, bits)


def changes(s, t):
    """A beat that was not taken is another one a cycle later, or gone."""
    stays = all_of(t.holds("out_valid"), equal(s.number("out_data"), t.number("out_data")))
    return all_of(s.holds("out_valid"), negate(s.holds("out_ready")), negate(stays))


class State:
    """A state of a module that yosys has written: its wires as terms."""

    def __init__(self, module, name, text):
        self.module, self.name, self.text = module, name, text

    def bits(self, wire):
        function = rf"^\(define-fun \|{self.module}_n {wire}\| \(.*?\)\)"
        found = re.search(rf"{function} (?:Bool|\(_ BitVec (\d+)\))", self.text, re.MULTILINE)
        if not found:
            raise KeyError(f"there is no wire {wire}")
        return int(found[1] or 0)

    def holds(self, wire):
        """A single bit."""
        return f"(and true {self(wire)})" if self.bits(wire) == 0 else f"(= {self(wire)} #b1)"

    def __call__(self, wire):
        return f"(|{self.module}_n {wire}| {self.name})"

    def number(self, wire, bits=None):
        """Without a sign, in as many bits or its own."""
        own = self.bits(wire)
        if own == 0:
            return choose(self(wire), vector(1, bits or 1), vector(0, bits or 1))
        return self(wire) if bits in (None, own) else f"((_ zero_extend {bits - own}) {self(wire)})"

    def word(self, memory, index):
        """A word of a memory; the index may have more bits than an address."""
        found = re.search(rf"^; yosys-smt2-memory {memory} (\d+) ", self.text, re.MULTILINE)
        if not found:
            raise KeyError(f"there is no memory {memory}")
        return f"(select (|{self.module}_m {memory}| {self.name}) {low_bits(index, int(found[1]))})"


# What is proven of each kind. `s` and `t` are states a cycle apart, `g` the ghosts in s: terms that remember what is expected.


class Queue:
    """Beats in a row. A watched beat is any of them: so many are `ahead` of it, and it was `kept` when it entered."""

    assumed = "true"
    steps = 0  # ends of steps that it starts with
    marked = 0  # the same for a search; None where there is none

    def __init__(self, bits, places):
        self.bits, self.width = bits, bits_for(places) + 2
        self.ghosts = {"inside": "Bool", "ahead": f"(_ BitVec {self.width})", "kept": f"(_ BitVec {bits})"}
        self.choices = {"picks": "Bool"}  # whether what enters now is watched

    def n(self, number):
        return vector(number, self.width)

    def enters(self, s, g):
        """Whether a beat enters that is to leave."""
        return all_of(s.holds("in_valid"), s.holds("in_ready"))

    def given(self, s):
        return all_of(s.holds("out_valid"), s.holds("out_ready"))

    def leaves(self, s, g):
        return all_of(g["inside"], self.given(s), equal(g["ahead"], self.n(0)))

    def invariant(self, s, g):
        return [*self.shape(s, g), implies(g["inside"], less(g["ahead"], self.size(s)), self.place(s, g))]

    def after_reset(self, s):
        return {"inside": "false", "ahead": self.n(0), "kept": vector(0, self.bits)}

    def begins(self, t):
        """What else a reset does."""
        return [equal(self.size(t), self.n(self.steps))]

    def rules(self, s, t, g):
        return []

    def advanced(self, s, g):
        left = choose(self.given(s), self.n(1), self.n(0))
        picked = all_of("picks", negate(g["inside"]), self.enters(s, g))
        return {"inside": any_of(picked, all_of(g["inside"], negate(self.leaves(s, g)))),
                "ahead": minus(choose(g["inside"], g["ahead"], self.size(s)), left),
                "kept": choose(g["inside"], g["kept"], s.number("in_data"))}

    def forbidden(self, s, t, g):
        one, none = self.n(1), self.n(0)
        size = minus(plus(self.size(s), choose(self.enters(s, g), one, none)), choose(self.given(s), one, none))
        return {
            "another beat leaves": all_of(self.leaves(s, g), differ(s.number("out_data"), g["kept"])),
            "a beat is lost or doubled": differ(size, self.size(t)),
            "a beat leaves that never entered": all_of(s.holds("out_valid"), equal(self.size(s), none)),
            "a beat stays inside": all_of(differ(self.size(s), none), negate(s.holds("out_valid")), negate(t.holds("out_valid"))),
            "a beat that waits changes": changes(s, t),
        }


class Buffer(Queue):
    """Two registers."""

    def __init__(self, bits):
        super().__init__(bits, 2)

    def size(self, s):
        return plus(s.number("head_valid", self.width), s.number("tail_valid", self.width))

    def shape(self, s, g):
        return [implies(s.holds("tail_valid"), s.holds("head_valid"))]

    def place(self, s, g):
        return equal(g["kept"], choose(equal(g["ahead"], self.n(0)), s.number("head"), s.number("tail")))


class Line(Queue):
    """Ends of steps, then the register behind a memory, then the memory: a ring of places from `source` to `target`."""

    def __init__(self, bits, steps, depth, start):
        super().__init__(bits, steps + 1 + depth)
        self.steps, self.depth, self.start = steps, depth, start
        self.choices["first"] = f"(_ BitVec {self.width})"  # the watched one of the ends that it starts with
        self.marked = None if start else steps
        if start:
            self.age_bits = bits_for(start)
            self.ghosts["age"] = f"(_ BitVec {self.age_bits})"  # steps that have entered, counted up to `start`

    def is_end(self, s):
        return equal(extract(s.number("in_data"), self.bits - 1, 1), "#b1")

    def enters(self, s, g):
        taken = super().enters(s, g)
        if not self.start:
            return taken
        return all_of(taken, any_of(self.is_end(s), equal(g["age"], vector(self.start, self.age_bits))))

    def marks(self, s):
        return s.number("marks", self.width) if self.steps else self.n(0)

    def before_memory(self, s):
        return plus(self.marks(s), s.number("filled", self.width))

    def size(self, s):
        return plus(self.before_memory(s), s.number("count", self.width))

    def wrapped(self, place):
        return choose(less(place, self.n(self.depth)), place, minus(place, self.n(self.depth)))

    def shape(self, s, g):
        count, source, target = (s.number(wire, self.width) for wire in ("count", "source", "target"))
        depth = self.n(self.depth)
        ages = []
        if self.start:
            ages = [equal(g["age"], s.number("age", self.age_bits)), negate(less(vector(self.start, self.age_bits), g["age"]))]
        return [negate(less(depth, count)), less(source, depth), equal(target, self.wrapped(plus(source, count))),
                negate(less(self.n(self.steps), self.marks(s))), *ages]

    def place(self, s, g):
        end = vector(1 << (self.bits - 1), self.bits)
        first, memory = self.marks(s), self.before_memory(s)
        index = self.wrapped(plus(s.number("source", self.width), minus(g["ahead"], memory)))
        stored = choose(less(g["ahead"], memory), s.number("beat"), s.word("beat_words", index))
        return equal(g["kept"], choose(less(g["ahead"], first), end, stored))

    def after_reset(self, s):
        ghosts = {"inside": all_of("picks", less("first", self.n(self.steps))), "ahead": "first",
                  "kept": vector(1 << (self.bits - 1), self.bits)}
        if self.start:
            ghosts["age"] = vector(0, self.age_bits)
        return ghosts

    def advanced(self, s, g):
        ghosts = super().advanced(s, g)
        if self.start:
            counts = all_of(super().enters(s, g), self.is_end(s), less(g["age"], vector(self.start, self.age_bits)))
            ghosts["age"] = plus(g["age"], choose(counts, vector(1, self.age_bits), vector(0, self.age_bits)))
        return ghosts


class Ring:
    """Slots, each a step's numbers of all elements. Watched is any one element: what is `due` of it in each slot."""

    marked = None

    def __init__(self, bits, value_bits, dims, steps):
        self.bits, self.value_bits, self.dims, self.steps = bits, value_bits, dims, steps
        self.slots, self.elements = max(steps) + 1, len(steps)
        self.width = bits_for(self.slots * self.elements) + 1
        self.word = max(value_bits, 1)
        self.address_bits = bits - 1 - value_bits
        self.ghosts = {f"due{k}": f"(_ BitVec {self.word})" for k in range(self.slots)}
        self.ghosts |= {"now": f"(_ BitVec {self.width})", "sent": "Bool"}  # the slot of the step; whether it sent in this step
        self.choices = {f"at{d}": f"(_ BitVec {self.width})" for d in range(len(dims))}
        numbers = self.number_of([f"at{d}" for d in range(len(dims))])
        within = [less(f"at{d}", self.n(size)) for d, size in enumerate(dims)]
        self.assumed = all_of(*within)
        self.element = numbers
        delay = self.n(0)
        for number, each in enumerate(steps):
            delay = choose(equal(numbers, self.n(number)), self.n(each), delay)
        self.delay = delay

    def n(self, number):
        return vector(number, self.width)

    def number_of(self, coordinates):
        number = self.n(0)
        for size, coordinate in zip(self.dims, coordinates):
            number = plus(f"(bvmul {number} {self.n(size)})", coordinate)
        return number

    def coordinates_of(self, address):
        """Of an address: its fields, the last dimension lowest."""
        fields, low = [], 0
        for size in reversed(self.dims):
            bits = (size - 1).bit_length()
            fields.append(f"((_ zero_extend {self.width - bits}) {extract(address, low, bits)})" if bits else self.n(0))
            low += bits
        return fields[::-1]

    def is_end(self, data):
        return equal(extract(data, self.bits - 1, 1), "#b1")

    def is_event(self, data):
        """Whether it is one of the watched element."""
        at = self.coordinates_of(data)
        return all_of(negate(self.is_end(data)), *(equal(field, f"at{d}") for d, field in enumerate(at)))

    def value(self, data):
        return extract(data, self.address_bits, self.value_bits) if self.value_bits else "#b1"

    def due(self, g, slot):
        value = vector(0, self.word)
        for k in range(self.slots):
            value = choose(equal(slot, self.n(k)), g[f"due{k}"], value)
        return value

    def target(self, g):
        far = plus(g["now"], self.delay)
        return choose(less(far, self.n(self.slots)), far, minus(far, self.n(self.slots)))

    def events(self, s):
        """What enters and what leaves: ends, and events of the element."""
        taken, given = (all_of(s.holds(f"{side}_valid"), s.holds(f"{side}_ready")) for side in ("in", "out"))
        enters, leaves = s.number("in_data"), s.number("out_data")
        return {"end_in": all_of(taken, self.is_end(enters)), "event_in": all_of(taken, self.is_event(enters)),
                "end_out": all_of(given, self.is_end(leaves)), "event_out": all_of(given, self.is_event(leaves))}

    def begins(self, t):
        return []

    def rules(self, s, t, g):
        """What those before it do: a beat that waits stays, an event is one of an element, and an element sends once a step,
        and no 0."""
        data = s.number("in_data")
        is_number = [differ(self.value(data), vector(0, self.word))]
        waits = all_of(s.holds("in_valid"), negate(s.holds("in_ready")))
        stays = all_of(t.holds("in_valid"), equal(data, t.number("in_data")))
        within = [less(field, self.n(size)) for field, size in zip(self.coordinates_of(data), self.dims)]
        return [implies(all_of(s.holds("in_valid"), negate(self.is_end(data))), *within),
                implies(all_of(s.holds("in_valid"), self.is_event(data)), negate(g["sent"]), *is_number), implies(waits, stays)]

    def after_reset(self, s):
        return {**{f"due{k}": vector(0, self.word) for k in range(self.slots)}, "now": self.n(0), "sent": "false"}

    def advanced(self, s, g):
        e, nothing = self.events(s), vector(0, self.word)
        stores = all_of(e["event_in"], differ(self.delay, self.n(0)))
        ghosts = {}
        for k in range(self.slots):
            is_here, is_now = equal(self.target(g), self.n(k)), equal(g["now"], self.n(k))
            ghosts[f"due{k}"] = choose(all_of(stores, is_here), self.value(s.number("in_data")),
                                       choose(all_of(e["event_out"], is_now), nothing, g[f"due{k}"]))
        following = choose(equal(g["now"], self.n(self.slots - 1)), self.n(0), plus(g["now"], self.n(1)))
        ghosts["now"] = choose(e["end_out"], following, g["now"])
        ghosts["sent"] = all_of(negate(e["end_out"]), any_of(g["sent"], e["event_in"]))
        return ghosts

    def invariant(self, s, g):
        passes, sweeps, clears = (equal(s.number("phase", 2), vector(phase, 2)) for phase in range(3))
        place, slot, read_place = (s.number(wire, self.width) for wire in ("place", "slot", "read_place"))
        words, elements, nothing = self.n(self.slots * self.elements), self.n(self.elements), vector(0, self.word)
        first = f"(bvmul {slot} {elements})"
        mine, following = plus(first, self.element), plus(first, elements)
        at = [s.number(f"coordinate_{d}", self.width) if size > 1 else self.n(0) for d, size in enumerate(self.dims)]
        read, read_at = s.holds("read_valid"), self.coordinates_of(s.number("read_address", max(self.address_bits, 1)))
        reads_mine = all_of(read, equal(read_place, mine))
        due_now = self.due(g, slot)
        is_gone = equal(due_now, nothing)
        terms = [
            any_of(passes, sweeps, clears), any_of(passes, less(place, words)),
            equal(slot, g["now"]), less(slot, self.n(self.slots)),
            *(less(each, self.n(size)) for each, size in zip(at, self.dims)),
            implies(negate(sweeps), *(equal(each, self.n(0)) for each in at)),
            implies(sweeps, equal(place, plus(first, self.number_of(at)))),
            implies(read, negate(clears), equal(read_place, plus(first, self.number_of(read_at))),
                    *(less(each, self.n(size)) for each, size in zip(read_at, self.dims))),
            implies(read, equal(plus(read_place, self.n(1)), choose(sweeps, place, following))),
            implies(reads_mine, equal(s.number("slot_word", self.word), due_now)),
            # What was swept of the step is gone.
            implies(all_of(passes, negate(reads_mine)), is_gone),
            implies(all_of(sweeps, less(mine, place), negate(reads_mine)), is_gone),
            implies(clears, equal(slot, self.n(0)), negate(g["sent"]), negate(read),
                    equal(s.number("full"), vector(0, self.slots))),
        ]
        for k in range(self.slots):
            terms += self.slot_invariant(s, g, k, slot, clears)
        return terms

    def slot_invariant(self, s, g, k, slot, clears):
        """What its memory holds is what is due, which is no later than the delay allows."""
        nothing, number = vector(0, self.word), self.n(k)
        due, here = g[f"due{k}"], plus(self.n(k * self.elements), self.element)
        word = s.word("slot_word_words", here)
        steps = choose(less(number, slot), minus(self.n(k + self.slots), slot), minus(number, slot))
        is_due, is_later = differ(due, nothing), differ(slot, number)
        is_possible = any_of(less(steps, self.delay), all_of(equal(steps, self.delay), g["sent"]))
        return [
            implies(clears, equal(due, nothing), implies(less(here, s.number("place", self.width)), equal(word, nothing))),
            implies(negate(clears), equal(word, due)),
            implies(equal(self.delay, self.n(0)), equal(due, nothing)),
            implies(all_of(is_due, is_later), equal(extract(s.number("full"), k, 1), "#b1"), is_possible),
        ]

    def forbidden(self, s, t, g):
        e, nothing = self.events(s), vector(0, self.word)
        due, passes, data = self.due(g, g["now"]), equal(self.delay, self.n(0)), s.number("out_data")
        is_other = any_of(differ(e["event_in"], e["event_out"]), all_of(e["event_in"], differ(s.number("in_data"), data)))
        is_not_due = any_of(equal(due, nothing), differ(self.value(data), due))
        return {
            "an end is lost or doubled": differ(e["end_in"], e["end_out"]),
            "an event is lost": all_of(e["end_out"], differ(due, nothing)),
            "an event without a delay does not pass": all_of(passes, is_other),
            "an event leaves that is not due": all_of(negate(passes), e["event_out"], is_not_due),
            "two events are in one place": all_of(negate(passes), e["event_in"], differ(self.due(g, self.target(g)), nothing)),
            "a beat that waits changes": changes(s, t),
        }


KINDS = {
    "buffer": lambda bits: Buffer(int(bits)),
    "line": lambda bits, steps, depth, start: Line(int(bits), int(steps), int(depth), int(start)),
    "ring": lambda bits, value_bits, dims, steps: Ring(int(bits), int(value_bits), [int(d) for d in dims.split("x")],
                                                       [int(d) for d in steps.split(",")]),
}


# Questions


def solve(text, folder, limit):
    """Whether nothing makes it true; None where there is no answer."""
    file = folder / "question.smt2"
    file.write_text(text)
    try:
        said = subprocess.run(["cvc5", "--lang=smt2", f"--tlimit={1000 * limit}", str(file)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=limit + 10).stdout
    except subprocess.TimeoutExpired:
        return None
    return True if said.startswith("unsat") else False if said.startswith("sat") else None


def induction(kind, module, text, folder, limit):
    """Whether all is proven, and otherwise what is not. None for what is not decided."""
    s, t = State(module, "s", text), State(module, "t", text)
    before = {name: f"ghost.{name}" for name in kind.ghosts}
    begins = all_of(*kind.invariant(t, kind.after_reset(t)), *kind.begins(t))
    constants = {"s": f"|{module}_s|", "t": f"|{module}_s|", **kind.choices}
    constants |= {before[name]: of for name, of in kind.ghosts.items()}
    head = "\n".join(["(set-logic ALL)", text, *(f"(declare-const {name} {of})" for name, of in constants.items()),
                      f"(assert (|{module}_t| s t))", f"(assert {kind.assumed})"])
    step = [negate(s.holds("rst")), negate(t.holds("rst")), *kind.invariant(s, before), *kind.rules(s, t, before)]
    questions = [("a reset does not begin as it should", [s.holds("rst"), negate(begins)])]
    questions += [("a beat goes astray", [*step, negate(term)]) for term in kind.invariant(t, kind.advanced(s, before))]
    questions += [(what, [*step, wrong]) for what, wrong in kind.forbidden(s, t, before).items()]
    for what, facts in questions:
        is_proven = solve("\n".join([head, *(f"(assert {fact})" for fact in facts), "(check-sat)", ""]), folder, limit)
        if not is_proven:
            return is_proven, what
    return True, ""


def yosys(script, folder):
    """Its last words where it fails."""
    made = subprocess.run(["yosys", "-q", "-p", script], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return None if made.returncode == 0 else (made.stdout.strip().splitlines() or ["it fails"])[-1]


# Watches any one beat by its number, over the first cycles.
WATCH = """
module watch (input wire clk, input wire in_valid, input wire [{top}:0] in_data, input wire out_ready);
  reg rst = 1'b1;
  always @(posedge clk) rst <= 1'b0;
  wire in_ready, out_valid;
  wire [{top}:0] out_data;
  {module} dut (.clk(clk), .rst(rst), .in_valid(in_valid), .in_data(in_data), .out_ready(out_ready),
                .in_ready(in_ready), .out_valid(out_valid), .out_data(out_data));
  (* anyconst *) wire [{count}:0] watched;
  reg [{count}:0] taken = 0, given = 0;
  reg [{top}:0] kept = {bits}'d0;
  reg waits = 1'b0;
  reg [{top}:0] waiting = {bits}'d0;
  always @(posedge clk) if (!rst) begin
    if (in_valid && in_ready) begin
      if (taken == watched) kept <= in_data;
      taken <= taken + 1'd1;
    end
    if (out_valid && out_ready) given <= given + 1'd1;
    waits <= out_valid && !out_ready;
    waiting <= out_data;
  end
  always @* if (!rst) begin
    if (out_valid) assert (taken + {marks} != given);
    if (waits) assert (out_valid && out_data == waiting);
    if (out_valid && given < {marks}) assert (out_data == {{1'b1, {{{top}{{1'b0}}}}}});
    if (out_valid && given >= {marks} && given - {marks} == watched && taken > watched)
      assert (out_data == kept);
  end
endmodule
"""


def search(module, kind, source, depth, folder, limit):
    """Whether no fault shows in so many cycles; None where that is not decided."""
    (folder / "watch.v").write_text(WATCH.format(module=module, bits=kind.bits, top=kind.bits - 1, marks=kind.marked,
                                                  count=bits_for(kind.marked + depth) + 1))
    if yosys(f'read_verilog -formal "{source}" watch.v; prep -flatten -top watch; memory_map; async2sync; opt -full; dffunmap; '
             "write_smt2 -wires watch.smt2", folder):
        return None
    command = ["yosys-smtbmc", "-s", "cvc5", "--presat", "--noprogress", "-t", str(depth), "watch.smt2"]
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return child.wait(timeout=limit) == 0
    except subprocess.TimeoutExpired:
        return None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)  # the solver too
            child.wait()


def prove(module, kind, depth, limit):
    """What is said of the module, and the script's end: 0 proven, 1 wrong, 2 undecided."""
    source = HERE.parent / "rtl" / f"{module}.v"
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        # Tables stay logic: what a memory holds from the start on is no part of a cycle.
        failure = yosys(f'read_verilog "{source}"; hierarchy -top {module}; proc -norom; flatten; opt; memory_collect; opt; '
                        "dffunmap; write_smt2 -wires module.smt2", folder)
        if failure:
            return f"no answer: yosys: {failure}", 2
        try:
            is_proven, what = induction(kind, module, (folder / "module.smt2").read_text(), folder, limit)
        except KeyError as missing:
            return f"no answer: {missing.args[0]}", 2
        if is_proven:
            return "proven", 0
        found = search(module, kind, source, depth, folder, limit) if kind.marked is not None else None
        if found is False:
            return f"WRONG within {depth} cycles: {what}", 1
        said = f"not decided in {limit} s: {what}" if is_proven is None else f"NOT PROVEN: {what}"
        return said + (f"; holds for {depth} cycles" if found else ""), 2 if is_proven is None or found else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=8, metavar="CYCLES", help="of a search for a fault (8)")
    parser.add_argument("--limit", type=int, default=60, metavar="SECONDS", help="for each question (60)")
    parser.add_argument("modules", nargs="*", help="names of modules; all of streams.txt where none is given")
    options = parser.parse_args()
    if not shutil.which("yosys") or not shutil.which("cvc5"):
        print("streams.py needs yosys and cvc5", file=sys.stderr)
        return 2
    ends = []
    for line in (HERE / "streams.txt").read_text().splitlines():
        kind, module, *numbers = line.split()
        if options.modules and module not in options.modules:
            continue
        start = time.monotonic()
        said, end = prove(module, KINDS[kind](*numbers), options.depth, options.limit)
        print(f"{module:<32} {said} {time.monotonic() - start:.1f} s", flush=True)
        ends.append(end)
    return 1 if 1 in ends else max(ends, default=0)


if __name__ == "__main__":
    sys.exit(main())
