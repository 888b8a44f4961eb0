// The examples that come with the page: the small networks of examples/, each with a recording that drives it.

/** @type {{file: string, title: string, dt: string, inputs: Record<string, string>}[]} */
export const examples = [
  { file: 'two-layers.nir', title: 'Two layers of LIF neurons', dt: '1ms', inputs: { input: 'two-layers.npy' } },
  { file: 'lif.nir', title: 'One LIF neuron', dt: '1ms', inputs: { input: 'lif.npy' } },
  { file: 'recurrent.nir', title: 'A recurrent layer', dt: '1ms', inputs: { input: 'recurrent.npy' } },
  { file: 'coincidence.nir', title: 'Coincidence of two inputs', dt: '1ms', inputs: { left: 'coincidence-left.npy', right: 'coincidence-right.npy' } },
  { file: 'moving-bar.nir', title: 'A bar that moves, seen by convolutions', dt: '1ms', inputs: { input: 'moving-bar.npy' } },
  { file: 'cart.nir', title: 'A controller of a cart', dt: '1ms', inputs: { input: 'cart.npy' } },
];
