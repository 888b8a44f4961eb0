"""From a network of integers two that are wrong: the state of lif1 in half its range, and the weights of fc1 all as large as can be."""
import re
import sys

text = open(sys.argv[1]).read()
lif = re.search(r'snn\.population "lif1".*?\n', text)
line = lif[0]
state = re.search(r"(states \[.*?\] of \[tensor<[^<]*!quant\.uniform<i\d+<)(-?\d+):(\d+)(>)", line)
narrow = line.replace(state[0], f"{state[1]}{int(state[2]) // 2}:{int(state[3]) // 2}{state[4]}")
open(sys.argv[2], "w").write(text.replace(line, narrow))
dense = re.search(r'snn\.dense "fc1".*?weight = (dense(?:_resource)?<.*?>) : tensor', text, re.DOTALL)
open(sys.argv[3], "w").write(text.replace(dense[1], "dense<127>"))
