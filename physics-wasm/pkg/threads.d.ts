/** The kernel's WebAssembly binary as base64 text. */
declare const base64: string
export default base64
