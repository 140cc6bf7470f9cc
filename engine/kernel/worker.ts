/**
 * The helper's script, self-contained: no imports, no exports, valid as a classic and as a module script, and as `eval` code in Node.
 *
 * A helper parks in `Atomics.wait` on one word of a small control block. A step wakes it: it helps in the world whose number stands in the
 * control block until that step ends, and parks again. To hear a message it must leave the wait: the sender counts messages in the control
 * block, and a helper that has seen fewer goes back to its event loop.
 */
export const WORKER_SOURCE = `'use strict';
(() => {
  const EPOCH = 0, MAIL = 1, WORLD = 2, STACK = 65536;
  const worlds = new Map();
  let control, slot = 0, seen = 0;
  const inNode = typeof WorkerGlobalScope === 'undefined';
  const port = inNode ? process.getBuiltinModule('node:worker_threads').parentPort : self;
  const join = ({ id, module, memory }) => {
    const imports = {};
    for (const want of WebAssembly.Module.imports(module)) {
      imports[want.module] ??= {};
      imports[want.module][want.name] = want.kind === 'memory' ? memory : () => performance.now();
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    exports.__wbindgen_start(STACK);
    worlds.set(id, exports);
  };
  const park = () => {
    for (;;) {
      const epoch = Atomics.load(control, EPOCH);
      if (Atomics.load(control, MAIL) !== seen) return;
      const world = worlds.get(Atomics.load(control, WORLD));
      if (world) world.help(slot);
      Atomics.wait(control, EPOCH, epoch);
    }
  };
  const receive = (message) => {
    seen = (seen + 1) | 0;
    try {
      if (message.type === 'start') {
        control = message.control;
        slot = message.slot;
        seen = message.mail;
      } else if (message.type === 'join') join(message);
      else if (message.type === 'leave') worlds.delete(message.id);
      port.postMessage({ type: message.type, id: message.id });
    } catch (error) {
      port.postMessage({ type: 'error', id: message.id, reason: String(error) });
    }
    if (control) setTimeout(park, 0);
  };
  if (inNode) port.on('message', receive);
  else port.onmessage = (event) => receive(event.data);
})();
`
