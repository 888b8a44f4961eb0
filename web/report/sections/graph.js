/** The graph of the file. */
import { counted } from '../../view/format.js';
import { graphView } from '../../view/graphView.js';

export function graph(place, report) {
  const spikes = new Map(report.runs[0].recordings.filter((one) => one.events).map((one) => [one.name, one.events.times.length]));
  graphView(place, report.graph, {
    badge: (node) => (spikes.has(node.name) ? counted(spikes.get(node.name), 'spike') : undefined),
  });
}
