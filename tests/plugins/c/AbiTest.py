#!/usr/bin/env python3
"""Plants changes in a copy of nirc.h, and sees scripts/abi.py find each."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


class Abi(unittest.TestCase):
    def say(self, old, new, *arguments):
        """What the script says of the header with `new` in place of `old`; empty where all is well."""
        with open(os.path.join(TREE, "plugins/c/nirc.h"), encoding="utf-8") as stream:
            text = stream.read()
        changed, count = re.subn(old, new, text, count=1)
        self.assertEqual(count, 1, f"nirc.h has no {old}")
        with tempfile.TemporaryDirectory() as folder:
            header = os.path.join(folder, "nirc.h")
            with open(header, "w", encoding="utf-8") as stream:
                stream.write(changed)
            done = subprocess.run([sys.executable, os.path.join(TREE, "scripts/abi.py"), "--header", header, *arguments],
                                  capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout.startswith("/") else 0)
        return done.stdout if done.returncode else ""

    def test_comments_are_free(self):
        self.assertEqual(self.say("/// The version of nirc,", "/// It is"), "")

    def test_a_function_that_is_gone(self):
        self.assertIn("is gone: function nirc_version", self.say(r"NIRC_EXPORT const char \*nirc_version\(void\);", ""))

    def test_a_parameter(self):
        self.assertIn("was: function nirc_session_step", self.say(r"(nirc_session_step\(nirc_session \*session, )int64_t",
                                                                 r"\1int32_t"))

    def test_an_enumerator(self):
        self.assertIn("was: constant NIRC_E_USAGE: 2", self.say("NIRC_E_USAGE = 2", "NIRC_E_USAGE = 7"))

    def test_members_that_change_places(self):
        self.assertIn("was: member nirc_edge.source", self.say("  const char \\*source;\n  const char \\*target;",
                                                               "  const char *target;\n  const char *source;"))

    def test_a_member_in_a_struct_of_fixed_size(self):
        self.assertIn("is:  struct nirc_event: 40 bytes", self.say(r"(  int64_t count;   ///< of spikes.*)",
                                                                   r"\1\n  int64_t more;"))

    def test_a_member_in_what_fills_up_options(self):
        self.assertIn("a member within what was there", self.say("  bool balance_latency;", "  bool balance_latency, more;"))

    def test_a_member_behind_options_is_new_and_breaks_nothing(self):
        said = self.say("  bool balance_latency;", "  bool balance_latency;\n  int64_t more;")
        self.assertIn("--write adds it: member nirc_plan_options.more", said)
        self.assertNotIn("was:", said)

    def test_what_breaks_is_not_written(self):
        path = os.path.join(TREE, "plugins/c/nirc.abi")
        with open(path, encoding="utf-8") as stream:
            before = stream.read()
        self.assertIn("was: constant NIRC_E_USAGE", self.say("NIRC_E_USAGE = 2", "NIRC_E_USAGE = 7", "--write"))
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), before)

    def test_functions_that_a_library_lacks(self):
        for library in ("/lib/x86_64-linux-gnu/libm.so.6",):
            if os.path.exists(library):
                self.assertIn("nirc_version is not exported", self.say("$", "", "--library", library))


if __name__ == "__main__":
    unittest.main()
