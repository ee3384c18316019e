/** A service time in words: three digits, in the unit that suits it. Runs in the browser as well. */
import { formatNumber } from '../format-number.js';
export function formatTime(ms) {
  return ms >= 1000 ? `${formatNumber(ms / 1000)} s` : `${formatNumber(ms)} ms`;
}
