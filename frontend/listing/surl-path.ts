/** From a SURL to a path below the root, as text alone: what could climb out is refused before any disk is asked. */

export type SurlPath = {
  /** The path as it was asked for, without percent-encoding. */
  asked: string;
  /** Names below the root; none of them is empty, `.` or `..`, or holds a slash or NUL. */
  names: string[];
};

const SITE = /^srm:\/\/[^/?]*/i;
/** Old SURLs name the service first, then the Site File Name. */
const SITE_FILE_NAME = /\?SFN=/i;

/** The path of `srm://host[:port]/path` or `srm://host:port/service?SFN=/path`; null when it is neither or would leave the root. */
export function parseSurlPath(surl: string): SurlPath | null {
  const site = SITE.exec(surl);
  if (site === null) return null;
  const rest = surl.slice(site[0].length);
  const siteFileName = SITE_FILE_NAME.exec(rest);
  const asked = decodePercent(siteFileName === null ? rest : rest.slice(siteFileName.index + siteFileName[0].length));
  const names = asked.split('/').filter((name) => name !== '' && name !== '.');
  // Looked at after decoding, once: %2e%2e and %2f have become what they stand for, %252e stays a name.
  if (names.includes('..') || asked.includes('\0')) return null;
  return { asked, names };
}

/** gfal decodes before it sends, so a percent sign that starts no encoding is an ordinary character. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
