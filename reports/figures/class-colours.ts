/**
 * Fixed colours of phases and of outcome classes: at least 3 : 1 against the page, light or dark, and neighbours in a stack
 * differ for any colour vision (hues from Paul Tol's schemes). Never alone: every bar has names beside it and a table below.
 */

import type { OutcomeClass } from '../../foundation/outcome.ts';
import type { CellSummary } from '../summary.ts';

/** `dark`: what takes its place on a dark page. */
export type ClassColour = { light: string; dark: string };

export type Phase = keyof CellSummary['phasesMs'];

export const PHASE_COLOURS: Record<Phase, ClassColour> = {
  connect: { light: '#aa3377', dark: '#ee88bb' },
  handshake: { light: '#997700', dark: '#ddbb55' },
  firstByte: { light: '#4477aa', dark: '#77aadd' },
  rest: { light: '#228833', dark: '#66cc77' },
};

export const OUTCOME_COLOURS: Record<Exclude<OutcomeClass, 'ok'>, ClassColour> = {
  status: { light: '#cc6677', dark: '#ee99aa' },
  refused: { light: '#882255', dark: '#d070a8' },
  'connect-timeout': { light: '#987600', dark: '#dcba54' },
  'handshake-failure': { light: '#4376a9', dark: '#76a9dc' },
  'handshake-timeout': { light: '#332288', dark: '#9988ee' },
  reset: { light: '#117733', dark: '#55bb77' },
  'answer-timeout': { light: '#bb5500', dark: '#ff9955' },
  malformed: { light: '#33877d', dark: '#77ccbb' },
  cut: { light: '#858585', dark: '#9d9d9d' },
  local: { light: '#444444', dark: '#d8d8d8' },
};

/** All of them, for the page's style sheet. */
export const CLASS_COLOURS: readonly ClassColour[] = [
  ...Object.values(PHASE_COLOURS),
  ...Object.values(OUTCOME_COLOURS),
];
