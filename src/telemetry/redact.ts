/** Takes secrets out of text, by their value where it is known and by their shape where it is not. */

const MASK = "[secret]";
/** Longer text is cut first, so that no pattern works on more than this. */
const MOST_CHARACTERS = 16_384;
/** Shorter values would hide ordinary words. */
const SHORTEST_VALUE = 6;

/** Patterns have bounded repeats only, because the text may be hostile. */
const SHAPES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Bot tokens: base64 of the ID, a time stamp, a signature.
  [/[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,64}/gu, MASK],
  // Interaction and webhook tokens stand in the path.
  [/(\/(?:interactions|webhooks)\/\d{1,20}\/)[\w-]{1,512}/gu, `$1${MASK}`],
  // Signed media addresses carry the address of this machine and an expiring key.
  [/(https?:\/\/[\w.-]{1,200}\.googlevideo\.com)\/[^\s"'<>]{0,4096}/giu, `$1/${MASK}`],
  [/\b((?:set-)?cookie2?["']?\s{0,4}[:=]\s{0,4})[^\r\n]{1,4096}/giu, `$1${MASK}`],
  [
    /\b(authorization["']?\s{0,4}[:=]\s{0,4}["']?)(?:(?:bot|bearer|basic)\s{1,4})?[^\s"',]{1,2048}/giu,
    `$1${MASK}`,
  ],
  [/(:\/\/)[^\s/@"'<>]{1,512}@/gu, `$1${MASK}@`],
  [
    /([?&](?:sig|lsig|signature|x-amz-signature|hm|token|access_token|key|api_key)=)[^\s&"'<>#]{1,2048}/giu,
    `$1${MASK}`,
  ],
];

/** Names whose value is a secret whatever it looks like. */
const SECRET_NAME =
  /^(?:.{0,64}token|.{0,64}password|.{0,64}secret|authorization|(?:set-)?cookies?|proxy-authorization)$/iu;

/** True when a field of this name must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Makes the function that masks these values, their URL-encoded form, and everything that looks like a secret. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const values = secrets
    .filter((value) => value.length >= SHORTEST_VALUE)
    .flatMap((value) => [value, encodeURIComponent(value)])
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.slice(0, MOST_CHARACTERS);
    for (const value of values) clean = clean.replaceAll(value, MASK);
    for (const [pattern, replacement] of SHAPES) clean = clean.replaceAll(pattern, replacement);
    return clean;
  };
}
