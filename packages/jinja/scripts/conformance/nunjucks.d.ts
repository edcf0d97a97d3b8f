/** The part of nunjucks that is compared and measured; the package has no types of its own. */
declare module "nunjucks" {
  interface EnvironmentOptions {
    readonly autoescape?: boolean;
    readonly throwOnUndefined?: boolean;
    readonly trimBlocks?: boolean;
    readonly lstripBlocks?: boolean;
  }
  class Environment {
    constructor(loader: null, options?: EnvironmentOptions);
    renderString(source: string, context: object): string;
  }
  class Template {
    constructor(source: string, environment?: Environment, path?: string, eagerCompile?: boolean);
    render(context: object): string;
  }
  const nunjucks: { readonly Environment: typeof Environment; readonly Template: typeof Template };
  // biome-ignore lint/style/noDefaultExport: this is how the package exports itself
  export default nunjucks;
}
