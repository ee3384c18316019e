/**
 * The commands that a runner of GitHub Actions reads in a step's output, on standard output and standard error alike: ours, and
 * none that came with a text from outside.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; how the runner reads them:
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */

export type Annotation = { level: 'error' | 'warning' | 'notice'; title: string; message: string };

const LONGEST_TITLE = 255;
const LONGEST_MESSAGE = 4000;

/** One line without its end. */
export function formatAnnotation({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(title.slice(0, LONGEST_TITLE))}::${escapeData(message.slice(0, LONGEST_MESSAGE))}`;
}

function escapeData(text: string): string {
  return text.toWellFormed().replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line that begins so, after any blanks, may be a command; so may what follows the older sign, anywhere in a line. */
const COMMAND = /^([\s\u0085]*:)(?=:)/gm;
const OLDER_COMMAND = /##(?=\[)/g;

/** The text, with a blank in whatever a runner would take for a command. */
export function guardCommands(text: string): string {
  return text.replaceAll(COMMAND, '$1 ').replaceAll(OLDER_COMMAND, '## ');
}

/** JSON that reads the same and holds no command: its lines begin with a quote or a bracket, so the older sign alone needs care. */
export function guardJson(json: string): string {
  return json.replaceAll(OLDER_COMMAND, String.raw`#\u0023`);
}

/** Whether a runner reads along. */
export function isWorkflowStep(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment['GITHUB_ACTIONS'] === 'true';
}
