// webgpu-utils refers to Float16Array when it loads; engines without it (Node 20) get a stand-in that is never used.
(globalThis as { Float16Array?: unknown }).Float16Array ??= class Float16Array {};
