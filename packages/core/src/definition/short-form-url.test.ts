import { describe, expect, it } from "vitest";
import { assumeDefaults, checkShortUrl } from "./short-form-url.ts";

const says = (url: string): string => checkShortUrl(url)[0]?.message ?? "";

describe("checkShortUrl accepts", () => {
  it.each([
    "",
    "https://api.example.com",
    "http://api.example.com:8080/v1?a=1#top",
    "HTTPS://API.example.com",
    "https://{{ get_variable('host') }}/v1",
    'https://{{ get_variable("host") }}',
    "https://{{- get_variable('host') -}}/v1",
    "https://{{ get_variable('host') | default('api.example.com') }}/v1",
    "https://{{ get_variable('host') | default('api.example.com', true) }}/v1",
    "https://{{ get_variable('host') | default('api.example.com', True) }}/v1",
    "https://eu.{{ get_variable('zone') }}.example.com:{{ get_variable('port') }}/v1",
    "{{ get_variable('origin') }}/v1",
    "{{ get_variable('origin') | default('https://api.example.com') }}/v1",
    "{{ get_variable('origin') | default('') }}/v1",
    // Behind the host any template may stand: lint looks at those.
    "https://api.example.com/{{ pathParams.id }}/{{ anything | upper }}?q={{ query }}",
    "https://api.example.com/{# a comment #}{% if a %}b{% endif %}",
  ])("%s", (url) => expect(checkShortUrl(url)).toEqual([]));
});

describe("checkShortUrl refuses", () => {
  const encode = "The URL holds white space or a character that must be encoded";
  const begin = "A URL begins with https://, or with one variable that holds the whole origin";
  it.each([
    ["https://api.example.com/a b", encode],
    ["https://api.example.com/a\tb", encode],
    ["https://api.example.com/\n", encode],
    ["https://api.example.com/<id>", encode],
    ["https://api.example.com\\v1", encode],
    ["https://api.example.com/a|b", encode],
    ["ftp://api.example.com", "The scheme ftp:// is refused"],
    ["file:///etc/passwd", "The scheme file:// is refused"],
    ["javascript+x://a", "The scheme javascript+x:// is refused"],
    ["api.example.com/v1", begin],
    ["/v1", begin],
    ["//api.example.com", begin],
    ["{{ get_variable('scheme') }}://api.example.com", begin],
    ["{{ get_variable('origin') }}.example.com/v1", begin],
    ["x{{ get_variable('origin') }}/v1", begin],
    ["https://{{ pathParams.host }}/v1", "A host cannot hold {{ pathParams.host }}"],
    ["https://{{ get_secret('host') }}/v1", "A host cannot hold {{ get_secret('host') }}"],
    ["https://{{ get_variable(name) }}/v1", "A host cannot hold {{ get_variable(name) }}"],
    ["https://{{ get_variable('a') ~ body.host }}/", "A host cannot hold {{ get_variable('a') ~ body.host }}"],
    ["https://{{ get_variable('a') | upper }}/", "A host cannot hold {{ get_variable('a') | upper }}"],
    ["https://{{ get_variable('a') | default(b) }}/", "A host cannot hold {{ get_variable('a') | default(b) }}"],
    ["https://{% if a %}b{% endif %}/", "A host cannot hold {% if a %}"],
    ["https://{# x #}a.example/", "A host cannot hold {# x #}"],
    ["{{ pathParams.origin }}/v1", "A host cannot hold {{ pathParams.origin }}"],
    [
      "{{ get_variable('origin') | default('api.example.com') }}/v1",
      'The default "api.example.com" stands for a whole origin and has no scheme',
    ],
  ])("%j", (url, message) => expect(says(url)).toBe(message));

  it("names every expression of a host that cannot stand there, each with what to do", () => {
    const complaints = checkShortUrl("https://{{ a }}.{{ get_variable('b') }}.{{ c }}/");
    expect(complaints.map(({ message }) => message)).toEqual([
      "A host cannot hold {{ a }}",
      "A host cannot hold {{ c }}",
    ]);
    for (const { rule, hint } of complaints) {
      expect(rule).toBe("schema/address");
      expect(hint).toMatch(/^Write get_variable/);
    }
  });
});

describe("assumeDefaults", () => {
  it.each([
    ["https://api.example.com/v1", "https://api.example.com/v1"],
    ["https://{{ get_variable('host') | default('10.0.0.1', true) }}/v1", "https://10.0.0.1/v1"],
    ['{{get_variable("origin")|default("http://a.example")}}/v1', "http://a.example/v1"],
    ["https://{{ get_variable('a') | default('x') }}.{{ get_variable('b') }}/", "https://x.{{ get_variable('b') }}/"],
    ["https://{{ get_variable('a') | default('') }}.example", "https://{{ get_variable('a') | default('') }}.example"],
    ["https://{{ get_variable('a') | default(b) }}/", "https://{{ get_variable('a') | default(b) }}/"],
  ])("%s", (url, expected) => expect(assumeDefaults(url)).toBe(expected));
});
