// The page on the device: kept by the worker, kept from being cleared where the browser promises it, and of one version.

let registration = null;
let failed = false;
let promised = false;

// `address`: of the worker's script; `idle()`: whether nothing would be lost by opening the page anew.
export async function keep(address, idle) {
  const workers = navigator.serviceWorker;
  if (!workers) return void (failed = true);
  // Another version takes over as the page is opened; what was opened goes on with its own until nothing is shown.
  if (workers.controller) {
    workers.addEventListener("controllerchange", () => {
      const when = setInterval(() => idle() && (clearInterval(when), location.reload()), 500);
    });
  }
  try {
    registration = await workers.getRegistration();
    registration?.waiting?.postMessage("activate");
    registration = await workers.register(address, { updateViaCache: "none" });
    setInterval(() => registration.update().catch(() => {}), 3_600_000);
  } catch {
    failed = true; // not over HTTPS, or by a certificate that the browser was only told to bear with
  }
  promised = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

// Words for: whether the page opens without a network, and whether the browser has promised to keep it.
export function kept() {
  return { opens: failed ? "no_worker" : registration?.active ? "yes" : "not_yet", promised: promised ? "yes" : "not_promised" };
}
