/** The kernel's WebAssembly binary, deflated (raw), as base64 text. */
declare const base64: string
export default base64
