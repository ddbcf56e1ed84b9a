/**
 * What Dawn is started with. Under Vulkan it hides NVIDIA's 16-bit floats unless this toggle is set, which browsers do not
 * offer. On other adapters it changes nothing.
 */
export const DAWN_FLAGS: readonly string[] = ["enable-dawn-features=vulkan_enable_f16_on_nvidia"];
