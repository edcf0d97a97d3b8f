/** What a text must be, in words that follow "must be", and an example of one. */
export interface FormWords {
  readonly message: string;
  readonly hint: string;
}

/** The forms of the contract's texts, by their pattern or format; a test holds that none is missing. */
const forms: Readonly<Record<string, FormWords>> = {
  "^[a-z0-9]+(-[a-z0-9]+)*$": {
    message: "must be lower-case letters, digits and single hyphens between them",
    hint: 'Write it like "my-connector".',
  },
  "^[A-Za-z0-9][A-Za-z0-9._-]*$": {
    message: "must be letters, digits, dots, hyphens and underscores, a letter or digit first",
    hint: 'Write it like "crm.main".',
  },
  "^[A-Za-z][A-Za-z0-9_]*$": {
    message: "must be letters, digits and underscores, a letter first",
    hint: 'Write it like "listOrders".',
  },
  "^(\\*\\.)?[A-Za-z0-9_.:\\[\\]-]+$": {
    message: "must be a host, without scheme and path",
    hint: 'Write it like "api.example.com", "*.example.com" or "api.example.com:8443".',
  },
  "^https?://[^/]+$": {
    message: "must be an origin, without a path or a slash at its end",
    hint: 'Write it like "https://app.example.com".',
  },
  "^[!-~]+$": {
    message: "must be printable ASCII characters without blanks",
    hint: 'Write it like "partner-".',
  },
  "^/": { message: "must be a JSON pointer", hint: 'Write it like "/user/id".' },
  "date-time": {
    message: "must be a point in time with its offset (RFC 3339)",
    hint: 'Write it like "2030-01-31T12:00:00Z".',
  },
  uri: { message: "must be a whole URL", hint: 'Write it like "https://app.example.com/page".' },
};

/** Finds the words for a pattern or a format of the contract; undefined if it has none. */
export const describeForm = (form: string): FormWords | undefined => forms[form];
