globalThis.logger = console
