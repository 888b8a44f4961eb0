// What the library of HDF5 prints when something fails goes here, not to the console. It takes the console's function as it is when its
// script starts, so this is imported before it.

/** @type {string[] | undefined} where lines go; undefined: to the console */
let sink;
const print = console.error.bind(console);

console.error = (...words) => {
  if (sink) {
    sink.push(words.join(' '));
  } else {
    print(...words);
  }
};

/** Runs `act`; what it throws has the library's innermost message. @template T @param {() => T} act @returns {T} */
export function quietly(act) {
  sink = [];
  try {
    return act();
  } catch (error) {
    const whys = sink.map((line) => /#\d+: .*\(\): (.*)/.exec(line)?.[1]).filter(Boolean);
    throw new Error(whys.pop() ?? String(error?.message ?? error));
  } finally {
    sink = undefined;
  }
}
