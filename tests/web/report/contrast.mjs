/**
 * Texts that cannot be read well: [contrast, text] of each whose contrast with what is behind it is below 4.5 (WCAG 2.2, 1.4.3). Runs in
 * the page.
 */
export function contrasts() {
  const numbers = (colour) => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return { rgb: found.slice(0, 3), alpha: found[3] ?? 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      const isBox = one.tagName === 'g' && one.classList.contains('node');
      const colour = numbers(isBox ? getComputedStyle(one.querySelector('.node-box')).fill : style.backgroundColor);
      layers.push(colour);
      if (colour.alpha === 1) {
        break;
      }
    }
    return layers.reverse().reduce((under, { rgb, alpha }) => rgb.map((one, i) => one * alpha + under[i] * (1 - alpha)), [255, 255, 255]);
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest('script, noscript, .skip, canvas') || element.getClientRects().length === 0) {
      continue;
    }
    const style = getComputedStyle(element);
    const { rgb } = numbers(element instanceof SVGElement ? style.fill : style.color);
    const [light, dark] = [luminance(rgb), luminance(behind(element))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) {
      low.push([Number(contrast.toFixed(2)), text.slice(0, 40)]);
    }
  }
  return low;
}
