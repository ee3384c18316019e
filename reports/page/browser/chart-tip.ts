/** The box that says what a point of a chart is: text beside the pointer, a line each. */

let box: HTMLElement | null = null;

const FROM_POINTER = 14;

function lineOf(text: string): HTMLElement {
  const line = document.createElement('div');
  line.textContent = text;
  return line;
}

/** vega's tooltip handler; data is shown as text and never as HTML. */
export function showTip(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
  box?.remove();
  box = null;
  if (typeof value !== 'string' || value === '') return;
  box = document.createElement('div');
  box.className = 'chart-tip';
  box.setAttribute('aria-hidden', 'true');
  box.append(...value.split('\n').map(lineOf));
  document.body.append(box);
  const { width, height } = box.getBoundingClientRect();
  const right = event.clientX + FROM_POINTER;
  const below = event.clientY + FROM_POINTER;
  const isRightFull = right + width > document.documentElement.clientWidth;
  const isBelowFull = below + height > document.documentElement.clientHeight;
  box.style.left = `${Math.max(4, isRightFull ? event.clientX - FROM_POINTER - width : right)}px`;
  box.style.top = `${Math.max(4, isBelowFull ? event.clientY - FROM_POINTER - height : below)}px`;
}
