// Generated from packages/sdk/schema/connector-v1.json by packages/sdk/scripts/generate-types.ts. Do not edit: npm run generate

/** One connector: identity, base URL, connection, actions and triggers. Format version 1. */
export interface ConnectorDefinition {
  /** Address of this schema; it names the format version. Absent means version 1, and the normaliser writes it. */
  readonly "$schema"?: string;
  /** Identity of the connector, and the permalink under which widgets call it. */
  readonly name: string;
  /** Semantic version of this connector, its numbers below 10^15. A published version never changes. */
  readonly version: string;
  /** Name of the connector for people. */
  readonly title: string;
  /** What the connector is for, in a sentence or a short paragraph. */
  readonly description?: string;
  /** File beside the definition, or a data: URI. */
  readonly icon?: string;
  /** Colour that stands for the connector, as #rgb or #rrggbb. */
  readonly color?: string;
  /** Words by which people find the connector. */
  readonly keywords?: readonly string[];
  readonly links?: Links;
  /** Scheme and host, optionally with a base path; or environments by name, one of which is chosen on the connection. Needed wherever a request has no url. */
  readonly baseUrl?: Template | {
    readonly [name: string]: Environment;
  };
  /** Hosts that a URL computed from input or from an answer may name: exact, or *.suffix. A bare * is for connectors that send no credential. Default: []. */
  readonly hosts?: readonly string[];
  readonly connection?: Connection;
  readonly defaults?: Defaults;
  /** Actions by name. Default: {}. */
  readonly actions?: {
    readonly [name: string]: Action;
  };
  /** Triggers by name. Default: {}. */
  readonly triggers?: {
    readonly [name: string]: Trigger;
  };
  readonly dynamic?: Dynamic;
  /** Schemas shared by parameters, inputs and outputs, named by "#/$defs/<name>". References never leave the document. */
  readonly "$defs"?: {
    readonly [name: string]: Schema;
  };
  /** Keeps imported templates running under the rules of the system they were written for. Written by the importer only. */
  readonly compat?: "gainsight";
  readonly [extension: `x-${string}`]: unknown;
}

/** A Jinja2 template, or a literal when it holds none of the marks {{, {% and {#. */
export type Template = string;

/** A length of time in ISO 8601, in weeks, days, hours, minutes and seconds: PT0.5S, PT15S, PT5M, P1D. */
export type Duration = string;

/** A JSON value in which every string is a template and every key is literal. */
export type Tree = null | boolean | number | string | readonly Tree[] | Each | TreeObject;

/** An object of trees; its keys are data. */
export type TreeObject = { readonly [member: string]: Tree };

/** Repetition: maps a list, or an object as pairs of key and value, to a list, or with key to an object. An undefined list yields undefined. */
export interface Each {
  /** The list or object to go through. */
  readonly "$each": Tree;
  /** What each element becomes. */
  readonly value: Tree;
  /** Key of each element; the result is then an object. */
  readonly key?: Template;
  /** Elements for which this is false are left out. */
  readonly when?: Template;
  /** Name of the element inside this node. Its position is index. Default: "item". */
  readonly as?: string;
}

/** Value of a header, a query parameter or a form field: one value or a list; null sends nothing and, written as a literal, removes what is inherited. */
export type PlaceValue = Each | null | boolean | number | string | readonly Tree[];

/** A query parameter with its serialisation, as in OpenAPI. */
export interface QueryParameter {
  /** The value, a list or an object. */
  readonly value: Tree;
  /** How a list or an object is written. Default: "form". */
  readonly style?: "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  /** Whether each element is a parameter of its own. Default: true for the style form, otherwise false. */
  readonly explode?: boolean;
  /** Leaves the reserved characters of RFC 3986 as they are. Default: false. */
  readonly allowReserved?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** A query parameter in short form (a value or a list) or in long form. */
export type QueryValue = Each | QueryParameter | PlaceValue;

/** Headers by name; names compare case-insensitively. */
export interface HeaderMap {
  readonly [name: string]: PlaceValue;
}

/** Query parameters by name. */
export interface QueryMap {
  readonly [name: string]: QueryValue;
}

/** A map of headers, or one expression that yields an object. */
export type Headers = Each | Template | HeaderMap;

/** A map of query parameters, or one expression that yields an object. */
export type Query = Each | Template | QueryMap;

/** A map of trees by literal names, or one expression that yields an object. */
export type TreeMap = Each | Template | TreeObject;

/** A JSON Schema (2020-12). Annotations of ours: optionsFrom, schemaFrom, importance; writeOnly marks a secret, format binary a file. */
export type Schema = boolean | ({ readonly [keyword: string]: unknown } & SchemaAnnotations);

/** The annotations that Junctor adds to JSON Schema, at every level. */
export interface SchemaAnnotations {
  /** Suggestions for the value: a name in dynamic.options, or that name with other bindings of its input. */
  readonly optionsFrom?: string | DynamicReference;
  /** Schema of the value, looked up at run time: a name in dynamic.schemas, or that name with other bindings of its input. */
  readonly schemaFrom?: string | DynamicReference;
  /** How prominent a form shows the property. One that is hidden and required needs a default. Default: "normal". */
  readonly importance?: "normal" | "advanced" | "hidden";
  readonly properties?: {
    readonly [name: string]: Schema;
  };
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** A named dynamic source with the input that it gets here. */
export interface DynamicReference {
  /** Name in dynamic.options or dynamic.schemas. */
  readonly source: string;
  /** Replaces the input of the source. */
  readonly input?: TreeMap;
  readonly [extension: `x-${string}`]: unknown;
}

/** Pages about the connector. */
export interface Links {
  /** Documentation of the API or of the connector. */
  readonly documentation?: string;
  /** Where people get help. */
  readonly support?: string;
  /** Privacy policy of the API's operator. */
  readonly privacy?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** A named base URL, such as production or sandbox. */
export interface Environment {
  /** Scheme and host, optionally with a base path. */
  readonly baseUrl: Template;
  /** Name of the environment for people. */
  readonly title?: string;
  /** Literal values that join connection, such as a login host. */
  readonly values?: {
    readonly [name: string]: string | number | boolean;
  };
  readonly [extension: `x-${string}`]: unknown;
}

/** What somebody gives to connect an account. A connector without it is called without a connection. */
export interface Connection {
  /** Asked from whoever connects. */
  readonly parameters?: Schema;
  /** The methods, of which one is chosen per connection; with several, each has a name. */
  readonly auth?: readonly AuthMethod[];
  readonly test?: ConnectionTest;
  readonly tls?: TlsSettings;
  readonly [extension: `x-${string}`]: unknown;
}

/** The action that runs after connecting. */
export interface ConnectionTest {
  /** Name of an action of this connector. */
  readonly action: string;
  /** Input of the action. */
  readonly input?: TreeMap;
  /** Names the account; a template over output. */
  readonly label?: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** Client certificate and private certificate authority. Verification is never off. */
export interface TlsSettings {
  /** Client certificate in PEM. */
  readonly certificate?: Template;
  /** Private key in PEM. */
  readonly key?: Template;
  /** Passphrase of the private key. */
  readonly passphrase?: Template;
  /** Certificates in PEM that are trusted beside the public ones. */
  readonly ca?: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** One way to authenticate, told apart by type. */
export type AuthMethod = NoneAuth | BasicAuth | DigestAuth | BearerAuth | ApiKeyAuth | JwtAuth | OAuth2Auth | SessionAuth | HmacAuth | AwsSigV4Auth | OAuth1Auth | CodeAuth;

/** What every auth method may say. */
export interface AuthMethodCommon {
  /** Identity of the method: what a connection chose and what request.auth names. Default: its name, for apiKey (whose name is that of the header, parameter or cookie) its type. */
  readonly id?: string;
  /** Name of the method; required where there are several. Of an apiKey method: name of the header, parameter or cookie. */
  readonly name?: string;
  /** Name of the method for people. */
  readonly title?: string;
  /** What somebody needs to know before choosing it. */
  readonly description?: string;
  /** Asked in addition to the connection's parameters. */
  readonly parameters?: Schema;
  readonly apply?: Apply;
  readonly [extension: `x-${string}`]: unknown;
}

/** Where the credential goes. Default: Authorization: Bearer {{ token.accessToken }}, where a token exists. */
export interface Apply {
  /** Headers to set. */
  readonly headers?: HeaderMap;
  /** Query parameters to add. */
  readonly query?: QueryMap;
  readonly [extension: `x-${string}`]: unknown;
}

/** Sends no credential. */
export interface NoneAuth extends AuthMethodCommon {
  readonly type: "none";
}

/** HTTP Basic (RFC 7617). */
export interface BasicAuth extends AuthMethodCommon {
  readonly type: "basic";
  /** User name. */
  readonly username: Template;
  /** Password; an empty text sends none. */
  readonly password: Template;
}

/** HTTP Digest (RFC 7616). */
export interface DigestAuth extends AuthMethodCommon {
  readonly type: "digest";
  /** User name. */
  readonly username: Template;
  /** Password. */
  readonly password: Template;
}

/** A bearer token that whoever connects has (RFC 6750). */
export interface BearerAuth extends AuthMethodCommon {
  readonly type: "bearer";
  /** The token, without the word Bearer. */
  readonly token: Template;
}

/** A key in a header, a query parameter or a cookie. */
export interface ApiKeyAuth extends AuthMethodCommon {
  readonly type: "apiKey";
  /** Where the key goes. */
  readonly in: "header" | "query" | "cookie";
  /** Name of the header, parameter or cookie; a literal. */
  readonly name: string;
  /** The key with its prefix. */
  readonly value: Template;
}

/** A signature algorithm of RFC 7518 or RFC 8037. */
export type JwsAlgorithm = "HS256" | "HS384" | "HS512" | "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA";

/** A signed JSON Web Token for a token request; iat, exp and jti are added. */
export interface Assertion {
  /** Signature algorithm. */
  readonly algorithm: JwsAlgorithm;
  /** Private key in PEM or as a JWK, or the shared secret. */
  readonly key: Template;
  /** Claims by name. */
  readonly claims: TreeMap;
  /** Further header members, such as kid. */
  readonly header?: TreeMap;
  /** Time from iat to exp. Default: "PT3M". */
  readonly lifetime?: Duration;
  readonly [extension: `x-${string}`]: unknown;
}

/** A JSON Web Token that is signed for each call. */
export interface JwtAuth extends AuthMethodCommon {
  readonly type: "jwt";
  /** Signature algorithm. */
  readonly algorithm: JwsAlgorithm;
  /** Private key in PEM or as a JWK, or the shared secret. */
  readonly key: Template;
  /** Claims by name. */
  readonly claims: TreeMap;
  /** Further header members, such as kid. */
  readonly header?: TreeMap;
  /** Time from iat to exp. Default: "PT3M". */
  readonly lifetime?: Duration;
}

/** OAuth 2 (RFC 6749 and its relatives). */
export interface OAuth2Auth extends AuthMethodCommon {
  readonly type: "oauth2";
  /** The OpenAPI name of the flow; jwtBearer is RFC 7523, tokenExchange RFC 8693, deviceCode RFC 8628. */
  readonly grant: "authorizationCode" | "clientCredentials" | "password" | "jwtBearer" | "tokenExchange" | "deviceCode";
  /** Authorization endpoint; with deviceCode the device authorization endpoint. */
  readonly authorizationUrl?: Template;
  /** Token endpoint. */
  readonly tokenUrl: Template;
  /** Endpoint for refreshing. Default: tokenUrl. */
  readonly refreshUrl?: Template;
  /** Revocation endpoint (RFC 7009). */
  readonly revocationUrl?: Template;
  /** Issuer that every redirect must name in its iss parameter (RFC 9207). Default: a named issuer must have the origin of authorizationUrl. */
  readonly issuer?: Template;
  /** Client id. Default: the OAuth client registered for the connector in the workspace. */
  readonly clientId?: Template;
  /** Client secret. Default: that of the registered OAuth client. */
  readonly clientSecret?: Template;
  /** Scopes to ask for; literals. Default: []. */
  readonly scopes?: readonly string[];
  /** What stands between scopes. Default: " ". */
  readonly scopeSeparator?: string;
  /** Code challenge method (RFC 7636). Default: "S256". */
  readonly pkce?: "S256" | "plain" | "none";
  /** Merged over the standard query of the authorization URL; null removes. Default: {}. */
  readonly authorizationParameters?: {
    readonly [name: string]: PlaceValue;
  };
  /** Redirect parameter that holds the code. Default: "code". */
  readonly codeParameter?: string;
  /** How the client authenticates at the token endpoint (RFC 7591 value). Default: "client_secret_post". */
  readonly clientAuthentication?: ClientAuthentication;
  /** Overrides of the token request. */
  readonly tokenRequest?: TokenRequest;
  /** Overrides of the refresh request. */
  readonly refreshRequest?: TokenRequest;
  /** Assertion of jwtBearer and private_key_jwt. */
  readonly assertion?: Assertion;
  readonly token?: TokenReading;
  /** Steps after exchange and refresh; token then reads the last answer too. */
  readonly afterToken?: readonly Step[];
}

/** How an OAuth client authenticates (RFC 7591). */
export type ClientAuthentication = "client_secret_post" | "client_secret_basic" | "private_key_jwt" | "tls_client_auth" | "none";

/** Overrides of a token request; maps merge over the standard parameters, null removes. */
export interface TokenRequest {
  /** HTTP method. Default: "POST". */
  readonly method?: "GET" | "POST" | "PUT";
  /** Form encoding, or application/json. Default: "application/x-www-form-urlencoded". */
  readonly contentType?: string;
  /** Further headers. */
  readonly headers?: HeaderMap;
  /** Further query parameters. */
  readonly query?: QueryMap;
  /** Parameters of the body. */
  readonly body?: {
    readonly [name: string]: Tree;
  };
  /** Replaces the method's setting for this request. */
  readonly clientAuthentication?: ClientAuthentication;
  readonly [extension: `x-${string}`]: unknown;
}

/** How a token answer is read. Defaults are the names of RFC 6749. */
export interface TokenReading {
  /** The access token. */
  readonly accessToken?: Template;
  /** The refresh token; without one, the old one stays. */
  readonly refreshToken?: Template;
  /** Seconds to expiry; a number wins over the answer; 3300 when nothing is said. */
  readonly expiresIn?: Template | number;
  /** Moment of expiry: ISO 8601 or epoch seconds. */
  readonly expiresAt?: Template;
  /** Seconds until the refresh token expires. */
  readonly refreshExpiresIn?: Template | number;
  /** Values that join connection, by name. */
  readonly values?: {
    readonly [name: string]: Tree;
  };
  /** Defined means failure, also on HTTP 200. */
  readonly error?: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** A login of one to three calls that yields a token. */
export interface SessionAuth extends AuthMethodCommon {
  readonly type: "session";
  /** Steps that log in. */
  readonly login: readonly Step[];
  /** Steps that renew the session; absent = log in again. */
  readonly refresh?: readonly Step[];
  readonly token: TokenReading;
}

/** A keyed hash over the rendered request; the result is signature in apply. */
export interface HmacAuth extends AuthMethodCommon {
  readonly type: "hmac";
  /** The hash function. */
  readonly algorithm: "hmac-sha1" | "hmac-sha256" | "hmac-sha384" | "hmac-sha512";
  /** The shared secret. */
  readonly key: Template;
  /** What is signed; a template over request. */
  readonly payload: Template;
  /** How the signature is written. Default: "hex". */
  readonly encoding?: "hex" | "base64";
}

/** AWS Signature Version 4 over the rendered request. */
export interface AwsSigV4Auth extends AuthMethodCommon {
  readonly type: "awsSigV4";
  /** Access key id. */
  readonly accessKeyId: Template;
  /** Secret access key. */
  readonly secretAccessKey: Template;
  /** Session token of temporary credentials. */
  readonly sessionToken?: Template;
  /** Region, such as eu-central-1. */
  readonly region: Template;
  /** Service code, such as execute-api. */
  readonly service: Template;
}

/** OAuth 1.0a (RFC 5849), two- or three-legged. */
export interface OAuth1Auth extends AuthMethodCommon {
  readonly type: "oauth1";
  /** Consumer key. */
  readonly consumerKey: Template;
  /** Consumer secret, or the private key of RSA-SHA1 in PEM. */
  readonly consumerSecret?: Template;
  /** Token that whoever connects has. */
  readonly token?: Template;
  /** Secret of the token. */
  readonly tokenSecret?: Template;
  /** Signature method. Default: "HMAC-SHA1". */
  readonly signatureMethod?: "HMAC-SHA1" | "HMAC-SHA256" | "RSA-SHA1" | "PLAINTEXT";
  /** Realm of the Authorization header. */
  readonly realm?: Template;
  /** Temporary credentials endpoint. */
  readonly requestTokenUrl?: Template;
  /** Where the resource owner authorises. */
  readonly authorizationUrl?: Template;
  /** Token endpoint. */
  readonly accessTokenUrl?: Template;
}

/** A credential that an exported function of the connector computes. */
export interface CodeAuth extends AuthMethodCommon {
  readonly type: "code";
  /** Name of the exported function. */
  readonly run: FunctionName;
}

/** Name of a function that the connector's module exports. */
export type FunctionName = string;

/** Settings for every action and trigger. Maps merge by name, errors are tried nearest first, everything else is replaced whole. */
export interface Defaults {
  readonly request?: DefaultRequest;
  readonly timeout?: Timeout;
  readonly response?: DefaultResponse;
  readonly errors?: Errors;
  readonly retry?: Retry;
  readonly rateLimits?: RateLimits;
  readonly cache?: CacheSetting;
  readonly [extension: `x-${string}`]: unknown;
}

/** What every request starts from. */
export interface DefaultRequest {
  /** Headers of every request. */
  readonly headers?: HeaderMap;
  /** Query parameters of every request. */
  readonly query?: QueryMap;
  readonly redirect?: Redirect;
  readonly [extension: `x-${string}`]: unknown;
}

/** How every answer is read. */
export interface DefaultResponse {
  readonly decode?: Decode;
  readonly [extension: `x-${string}`]: unknown;
}

/** Whether redirects are followed; credentials never go to another origin. Default: "follow". */
export type Redirect = "follow" | "manual";

/** HTTP method; fixed, never from the caller. Default: "GET". */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** One HTTP request. */
export interface RequestSpec {
  readonly method?: Method;
  /** Begins with / and is appended to baseUrl, never replacing its path. */
  readonly path?: Template;
  /** Absolute URL, used instead of baseUrl and path when it is defined. */
  readonly url?: Template;
  readonly query?: Query;
  readonly headers?: Headers;
  /** The body; contentType says how it is read. */
  readonly body?: Tree;
  /** JSON and +json: a tree; form, multipart: a flat map; XML and text: text; otherwise a file. Default: "application/json". */
  readonly contentType?: Template;
  /** Raw text of the body, instead of body; for imported templates. */
  readonly text?: Template;
  /** false sends no credential; a name picks a method that needs no connection. Default: the connection's. */
  readonly auth?: false | string;
  readonly redirect?: Redirect;
  readonly [extension: `x-${string}`]: unknown;
}

/** How the answer is read. Default: by its Content-Type. */
export type Decode = DecodeType | DecodeSettings;

/** A kind of answer. */
export type DecodeType = "json" | "jsonLines" | "csv" | "xml" | "form" | "text" | "binary";

/** A kind of answer with its settings. */
export interface DecodeSettings {
  readonly type: DecodeType;
  /** Character set, such as iso-8859-1. Default: as the answer says, else UTF-8. */
  readonly charset?: string;
  /** Compression of the content itself; Content-Encoding is always undone. */
  readonly compression?: "gzip";
  /** Field delimiter of CSV. Default: ",". */
  readonly delimiter?: string;
  /** Whether the first CSV line names the fields. Default: true. */
  readonly header?: boolean;
  /** XML elements that are read as lists even when they occur once. */
  readonly lists?: readonly string[];
  readonly [extension: `x-${string}`]: unknown;
}

/** How an answer becomes the output. */
export interface ResponseSpec {
  readonly decode?: Decode;
  /** The output. Default: {{ response.body }}. */
  readonly body?: Tree;
  /** The answer's text as it is, instead of body. */
  readonly text?: Template;
  /** Media type of text. */
  readonly contentType?: Template;
  /** pass: an upstream error is an answer, templates run and the status is passed on. Default: "fail". */
  readonly onError?: "fail" | "pass";
  /** What leaves the output: records and fields that the caller may not have. Runs after body or text, on every answer, cached ones included. An answer that is no JSON is refused then. */
  readonly filter?: readonly FilterRule[];
  readonly [extension: `x-${string}`]: unknown;
}

/** Takes records, or fields of records, out of the output. Conditions see item (the record), index, user, input and response. */
export interface FilterRule {
  /** JSON pointer to the records; * is every element of a list or member of an object. Empty: the output itself. Default: "". */
  readonly at?: FieldPointer;
  /** The rule holds for records where this does. Default: all. */
  readonly when?: Template;
  /** Only records for which this holds stay. */
  readonly keep?: Template;
  /** Records for which this holds leave. */
  readonly drop?: Template;
  /** JSON pointers into a record: what leaves it. */
  readonly remove?: readonly FieldPointer[];
  /** JSON pointers into a record: nothing else of it stays. */
  readonly only?: readonly FieldPointer[];
  readonly [extension: `x-${string}`]: unknown;
}

/** JSON pointer (RFC 6901) in which a segment may be *. */
export type FieldPointer = string;

/** Says what an answer or a transport failure means. The first rule that matches decides. */
export interface ErrorRule {
  /** Condition over response, error, input and page. */
  readonly when: Template;
  /** What follows. Default: "fail". */
  readonly then?: "fail" | "retry" | "reauthenticate" | "ignore";
  /** Error code of the connector. */
  readonly code?: string;
  /** Message for the caller. */
  readonly message?: Template;
  /** When to try again: seconds, HTTP date, ISO 8601 or epoch seconds. */
  readonly after?: Template;
  /** Whether a later repetition may succeed. */
  readonly retryable?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** Error rules; first match wins, nearest first, then outwards. */
export type Errors = readonly ErrorRule[];

/** Repetition of one request, with full jitter. */
export interface Retry {
  /** Number of attempts, the first included; a number or a template over input. Default: 3. */
  readonly attempts?: number | Template;
  readonly backoff?: Backoff;
  readonly [extension: `x-${string}`]: unknown;
}

/** Waiting time between attempts. */
export interface Backoff {
  /** Upper bound of the first wait. Default: "PT0.5S". */
  readonly initial?: Duration;
  /** Growth from wait to wait. Default: 2. */
  readonly factor?: number;
  /** Upper bound of any wait. Default: "PT30S". */
  readonly max?: Duration;
  readonly [extension: `x-${string}`]: unknown;
}

/** A limit of the upstream, counted across replicas. */
export interface RateLimit {
  /** Requests per window. */
  readonly limit: number;
  /** Length of the window. */
  readonly window: Duration;
  /** What the limit counts for. */
  readonly scope: "connection" | "connector" | "workspace";
  /** Requests left, as the answer says. */
  readonly remaining?: Template;
  /** When the window ends, as the answer says. */
  readonly reset?: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** Limits that hold together. */
export type RateLimits = readonly RateLimit[];

/** How a list goes on. The request places page.next, page.number, page.offset and page.size. */
export interface Pagination {
  /** The items of one page. */
  readonly items: Template;
  /** Cursor or URL of the next page; undefined or empty on the last one. */
  readonly next?: Template;
  /** Items per page; fewer mean the last page. */
  readonly size?: number;
  /** Whether another page follows. */
  readonly more?: Template;
  /** Pages after which reading stops with an error. Default: 100. */
  readonly maxPages?: number;
  readonly [extension: `x-${string}`]: unknown;
}

/** false, or how upstream answers are cached; an empty object follows RFC 9111. Default: false. */
export type CacheSetting = false | Cache;

/** Caching of upstream answers. */
export interface Cache {
  /** Time an answer stays fresh, whatever it says. */
  readonly ttl?: Duration;
  /** Time a stale answer may be used when the upstream fails. */
  readonly staleIfError?: Duration;
  readonly [extension: `x-${string}`]: unknown;
}

/** Time for the whole action, steps included: a duration, or a template over input that yields one. Default: "PT15S". */
export type Timeout = Duration | string;

/** A key sent with every attempt, under its header. */
export interface IdempotencyKey {
  /** The key. */
  readonly value: Template;
  /** Header name; null = the request places the key itself. Default: "Idempotency-Key". */
  readonly header?: string | null;
  readonly [extension: `x-${string}`]: unknown;
}

/** What the action does to the upstream. Default: from the method. */
export interface Annotations {
  /** Changes nothing; also allows retry and caching. */
  readonly readOnly?: boolean;
  /** May delete or overwrite. */
  readonly destructive?: boolean;
  /** A repetition has no further effect. */
  readonly idempotent?: boolean;
  /** Reaches beyond the connected account. */
  readonly openWorld?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** Since when an action or trigger should no longer be used, and what replaces it. */
export interface Deprecation {
  /** Version of the connector, or a date. */
  readonly since: string;
  /** Name of the replacement in this connector. */
  readonly replacedBy?: string;
  /** Version or date after which it may be removed. */
  readonly removeAfter?: string;
  /** What users should do. */
  readonly message?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Input and expected request, upstream reply and expected output: test, sample and documentation in one. */
export interface Case {
  /** What the case shows. */
  readonly title?: string;
  /** Input of the action. */
  readonly input: unknown;
  /** The request that must be planned; a list where there are several steps or pages. */
  readonly request?: CaseRequest | readonly CaseRequest[];
  /** What the upstream answers; a list where there are several steps or pages. */
  readonly reply?: CaseReply | readonly CaseReply[];
  /** The output that must follow. */
  readonly output?: unknown;
  /** Code that must follow instead of an output. */
  readonly error?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** An expected request. Members that are left out are not compared. */
export interface CaseRequest {
  readonly method?: Method;
  /** The whole URL, query included. */
  readonly url?: string;
  /** The path as it is sent, that of the base URL included, without query. */
  readonly path?: string;
  /** The query parameters, all of them, decoded; a list for one that is repeated. */
  readonly query?: {
    readonly [name: string]: string | readonly string[];
  };
  /** Headers that must be there; null = must not be there. */
  readonly headers?: {
    readonly [name: string]: string | null;
  };
  /** The body: JSON, the fields of a form, or text. */
  readonly body?: unknown;
  readonly [extension: `x-${string}`]: unknown;
}

/** An answer of the upstream. */
export interface CaseReply {
  /** HTTP status. Default: 200. */
  readonly status?: number;
  /** Headers of the answer. */
  readonly headers?: {
    readonly [name: string]: string;
  };
  /** The body: text as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly [extension: `x-${string}`]: unknown;
}

/** A request-response operation; exactly one of request, steps and run. */
export type Action = DeclarativeAction | CompositeAction | CodeAction;

/** What every action may say. */
export interface ActionCommon {
  /** Name of the action for people. */
  readonly title?: string;
  /** What the action does. */
  readonly description?: string;
  /** Serves test, options and schemas only. Default: false. */
  readonly hidden?: boolean;
  readonly deprecated?: Deprecation;
  /** Schema of the input; absent = no input. */
  readonly input?: Schema;
  /** Schema of the output; additionalProperties false removes undeclared members. */
  readonly output?: Schema;
  readonly response?: ResponseSpec;
  readonly errors?: Errors;
  readonly retry?: Retry;
  readonly rateLimits?: RateLimits;
  readonly cache?: CacheSetting;
  readonly pagination?: Pagination;
  readonly timeout?: Timeout;
  /** A key that makes repetition safe, the same on every attempt. */
  readonly idempotencyKey?: Template | IdempotencyKey;
  readonly annotations?: Annotations;
  /** Cases of the action. */
  readonly cases?: readonly Case[];
  readonly [extension: `x-${string}`]: unknown;
}

/** An action that is one request. */
export interface DeclarativeAction extends ActionCommon {
  readonly request: RequestSpec;
  readonly steps?: never;
  readonly run?: never;
}

/** An action that is a list of steps, run in order. */
export interface CompositeAction extends ActionCommon {
  /** The steps. */
  readonly steps: readonly Step[];
  readonly request?: never;
  readonly run?: never;
}

/** An action that an exported function of the connector carries out. */
export interface CodeAction extends ActionCommon {
  /** Name of the exported function. */
  readonly run: FunctionName;
  readonly request?: never;
  readonly steps?: never;
}

/** One step: a request, or another action of this connector. */
export type Step = ActionStep | RequestStep;

/** What every step may say. */
export interface StepCommon {
  /** Name of the step, under which later templates read it: steps.<id>. */
  readonly id: string;
  /** False skips the step as a whole: it is read once, before forEach. */
  readonly when?: Template;
  /** Runs the step once for each element of a list, as item. */
  readonly forEach?: Tree;
  /** Runs of forEach at the same time. Default: 1. */
  readonly concurrency?: number;
  /** Most elements of forEach; more is an error. Default: 100. */
  readonly max?: number;
  readonly repeat?: Repeat;
  /** Time of this step, within that of the action. */
  readonly timeout?: Duration;
  /** Neighbouring steps of the same group run at the same time. */
  readonly group?: string;
  readonly [extension: `x-${string}`]: unknown;
}

/** Repeats the step until a condition holds, within the action's timeout. */
export interface Repeat {
  /** Condition over response. */
  readonly until: Template;
  /** Time between two runs. */
  readonly every: Duration;
  /** Most runs. */
  readonly max: number;
  readonly [extension: `x-${string}`]: unknown;
}

/** A step that sends a request. */
export interface RequestStep extends StepCommon {
  readonly request: RequestSpec;
  readonly response?: ResponseSpec;
  readonly errors?: Errors;
  readonly retry?: Retry;
  readonly action?: never;
  readonly input?: never;
}

/** A step that calls another action of this connector. */
export interface ActionStep extends StepCommon {
  /** Name of the action. */
  readonly action: string;
  /** Its input. */
  readonly input?: TreeMap;
  readonly request?: never;
}

/** Lists and schemas that are looked up with actions of this connector. */
export interface Dynamic {
  /** Suggestions by name, used by optionsFrom. */
  readonly options?: {
    readonly [name: string]: DynamicOptions;
  };
  /** Schemas by name, used by schemaFrom. */
  readonly schemas?: {
    readonly [name: string]: DynamicSchema;
  };
  readonly [extension: `x-${string}`]: unknown;
}

/** A list of suggestions. */
export interface DynamicOptions {
  /** Action that gives the list. */
  readonly action: string;
  /** Its input; a template over the form so far and search. */
  readonly input?: TreeMap;
  /** The list. Default: the output. */
  readonly items?: Template;
  /** Value of one suggestion. */
  readonly value: Template;
  /** Label of one suggestion. */
  readonly label: Template;
  /** Time the list may be kept. */
  readonly cache?: Duration;
  readonly [extension: `x-${string}`]: unknown;
}

/** A schema that an action gives. A failing or empty lookup means any object. */
export interface DynamicSchema {
  /** Action that gives the schema. */
  readonly action: string;
  /** Its input; a template over the form so far. */
  readonly input?: TreeMap;
  /** The schema. Default: the output. */
  readonly schema?: Tree;
  /** Time the schema may be kept. */
  readonly cache?: Duration;
  readonly [extension: `x-${string}`]: unknown;
}

/** Produces events, by polling, by a webhook, or by a poll that a webhook wakes. */
export interface Trigger {
  /** Name of the trigger for people. */
  readonly title?: string;
  /** What the trigger reports, and what a person must set up. */
  readonly description?: string;
  /** Not offered to people. Default: false. */
  readonly hidden?: boolean;
  readonly deprecated?: Deprecation;
  /** Schema of the subscription's input. */
  readonly input?: Schema;
  /** Schema of one event. */
  readonly output?: Schema;
  /** Splits a delivery into items. Default: the body, or the polled list. */
  readonly items?: Template;
  /** Items for which this is false are dropped. */
  readonly when?: Template;
  /** Identity of an item. Default: a hash of it. */
  readonly dedupe?: Template;
  /** What an item becomes. Default: the item. */
  readonly event?: Tree;
  readonly poll?: Poll;
  readonly webhook?: Webhook;
  /** Cases of the trigger. */
  readonly cases?: readonly Case[];
  readonly [extension: `x-${string}`]: unknown;
}

/** Asks for new items at an interval; exactly one of request and run. */
export interface Poll {
  readonly request?: RequestSpec;
  /** Name of the exported function that polls. */
  readonly run?: FunctionName;
  readonly pagination?: Pagination;
  readonly errors?: Errors;
  /** The items of one answer. Default: pagination.items. */
  readonly items?: Template;
  /** How the API sorts. Default: "oldestFirst". */
  readonly order?: "oldestFirst" | "newestFirst";
  /** Where the next poll goes on; undefined keeps the old value. */
  readonly cursor?: Tree;
  /** Where the first poll begins. */
  readonly initialCursor?: Tree;
  /** Time between two polls. Default: "PT5M". */
  readonly interval?: Duration;
  /** Taken off a time cursor; dedupe removes the overlap. */
  readonly lookback?: Duration;
  /** Whether the first poll reports what is there already. Default: false. */
  readonly backfill?: boolean;
  readonly [extension: `x-${string}`]: unknown;
}

/** A request of a webhook's life cycle. */
export interface WebhookRequest {
  readonly request: RequestSpec;
  readonly [extension: `x-${string}`]: unknown;
}

/** Receives deliveries. */
export interface Webhook {
  /** Registers webhook.url; absent = a person does. */
  readonly subscribe?: WebhookRequest;
  /** Renews the subscription. */
  readonly renew?: WebhookRequest;
  /** Removes the subscription. */
  readonly unsubscribe?: WebhookRequest;
  /** What to keep of the answer. Default: the Location header as url. */
  readonly subscription?: TreeMap;
  /** When the subscription must be renewed. */
  readonly expiresAt?: Template;
  readonly verify?: Verification;
  readonly challenge?: Challenge;
  readonly response?: WebhookResponse;
  /** Methods that are accepted. Default: ["POST"]. */
  readonly methods?: readonly Method[];
  readonly route?: Route;
  readonly [extension: `x-${string}`]: unknown;
}

/** An answer that is given at once, without an event. */
export interface Challenge {
  /** Condition over the inbound request. */
  readonly when: Template;
  readonly response: WebhookResponse;
  readonly [extension: `x-${string}`]: unknown;
}

/** The answer to a delivery, sent after the event is stored. */
export interface WebhookResponse {
  /** HTTP status. Default: 202. */
  readonly status?: number;
  /** Headers. */
  readonly headers?: HeaderMap;
  /** Body. */
  readonly body?: Tree;
  readonly [extension: `x-${string}`]: unknown;
}

/** One URL for all connections: events go where both values are equal. */
export interface Route {
  /** Value read from the delivery. */
  readonly request: Template;
  /** Value read from the connection. */
  readonly connection: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** Proof that a delivery is genuine: over raw bytes, in constant time, before anything else is read. */
export type Verification = SignatureVerification | BasicVerification | TokenVerification | JwtVerification;

/** A signature over the delivery. */
export interface SignatureVerification {
  readonly type: "signature";
  /** RFC 9421 name, or hmac-sha1, hmac-sha512. */
  readonly algorithm: "hmac-sha256" | "hmac-sha1" | "hmac-sha512" | "rsa-pss-sha512" | "rsa-v1_5-sha256" | "ecdsa-p256-sha256" | "ecdsa-p384-sha384" | "ed25519";
  /** Shared secret, or public key in PEM. */
  readonly key: Template;
  /** What was signed. */
  readonly payload: Template;
  /** The signature that came. */
  readonly signature: Template;
  /** How the signature is written. Default: "hex". */
  readonly encoding?: "hex" | "base64";
  /** When the delivery was signed. */
  readonly timestamp?: Template;
  /** Largest age of the timestamp. */
  readonly tolerance?: Duration;
  readonly [extension: `x-${string}`]: unknown;
}

/** HTTP Basic on the delivery. */
export interface BasicVerification {
  readonly type: "basic";
  /** Expected user name. */
  readonly username: Template;
  /** Expected password. */
  readonly password: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** A value that must equal a secret. */
export interface TokenVerification {
  readonly type: "token";
  /** Value read from the delivery. */
  readonly value: Template;
  /** Value that it must equal. */
  readonly expected: Template;
  readonly [extension: `x-${string}`]: unknown;
}

/** A JSON Web Token of the sender as bearer token. */
export interface JwtVerification {
  readonly type: "jwt";
  /** Key set of the sender. */
  readonly jwksUrl: Template;
  /** Expected issuer. */
  readonly issuer: Template;
  /** Expected audience. */
  readonly audience: Template;
  readonly [extension: `x-${string}`]: unknown;
}
