// Other nodes: `$('Name')`, `$node`, `$item`.
({ native, sees, refuse, items, item, index }) => {
  const nodes = native.nodes();

  class Node {
    #name; #data; #at;
    constructor(name, at) { this.#name = name; this.#at = at; this.#data = Object.hasOwn(nodes, name) ? nodes[name] : undefined; }
    get isExecuted() { return this.#data !== undefined; }
    get params() { return this.#data?.params; }
    get parameter() { return this.#data?.params; }
    get context() { return this.#data?.context; }
    get runIndex() { return this.#ran().runs.length - 1; }
    get item() { return this.itemMatching(this.#at()); }
    get json() { return this.#same().json; }
    get data() { return this.#same().json; }
    get binary() { return this.#same().binary ?? {}; }
    first(output, run) { return this.all(output, run)[0]; }
    last(output, run) { return this.all(output, run).at(-1); }
    all(output, run) {
      const { runs, output: usual } = this.#ran();
      const outputs = runs[run ?? runs.length - 1] ?? refuse(`Run ${run} of node '${this.#name}' not found`);
      return outputs[output ?? usual] ?? (output == null ? [] : refuse(`Node '${this.#name}' has no branch with index ${output}.`));
    }
    pairedItem(at) { return this.itemMatching(at ?? this.#at()); }
    itemMatching(at) {
      const link = at === undefined ? refuse('Missing item index for .itemMatching()') : this.#ran().links?.[at];
      if (link?.item !== undefined) return this.all(link.output, link.run)[link.item];
      refuse(link?.error ?? `Paired item data for item from node '${this.#name}' is unavailable. Ensure '${this.#name}' is providing the required output.`);
    }
    #ran() {
      if (this.#data !== undefined) return this.#data;
      refuse(sees.names?.includes(this.#name) === false ? "Referenced node doesn't exist" : `Node '${this.#name}' hasn't been executed`);
    }
    // Where links say nothing, the item of the same index, as before there were links.
    #same() {
      const link = this.#ran().links?.[this.#at()];
      if (link?.item !== undefined) return this.itemMatching(this.#at());
      return this.all()[this.#at()] ?? this.first() ?? refuse(`Node '${this.#name}' has no items`);
    }
  }

  const all = (at) => new Proxy({}, { get: (_, name) => typeof name === 'string' ? new Node(name, at) : undefined });
  const other = (at) => ({ $json: item(at)?.json, $binary: item(at)?.binary ?? {}, $itemIndex: at, $node: all(() => at), $: (name) => new Node(name, () => at) });
  return { node: (name) => new Node(name, index), all: all(index), other };
}
