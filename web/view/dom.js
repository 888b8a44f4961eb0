/**
 * Elements from JavaScript. Text always becomes a text node, so that no name in a file can become HTML.
 */

/**
 * @param {Element} element
 * @param {Record<string, any>} attributes functions are listeners, as `onclick`; undefined, null and false are left out
 * @param {any[]} children elements and texts, nested lists of them too
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.replace(/^on/, ''), value);
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** @returns {any} an element of HTML */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** @returns {any} an element of SVG */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** A name of a file: its direction is its own, whatever stands around it. */
export function name(text) {
  return el('bdi', { class: 'name' }, text === '' ? '(no name)' : text);
}
