/** The part of WebAssembly that is used here: TypeScript has it only together with all of the browser. */
declare namespace WebAssembly {
  class Module {
    private readonly brand: unique symbol;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Instance {
    constructor(
      module: Module,
      imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    );
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
