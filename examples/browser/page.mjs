/** Predicts in a worker, so that the page stays alive; shows each result as it comes. */
const table = document.querySelector("tbody");
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

worker.addEventListener("message", ({ data }) => {
  if (data.done || data.error) {
    document.documentElement.dataset.state = data.error ? "error" : "ready";
    document.querySelector("p").textContent = data.error ?? "Done.";
    return;
  }
  const cells = [data.name, data.energy.toFixed(6), data.dipole.toFixed(4), data.percent?.toFixed(1) ?? ""];
  const row = table.insertRow();
  for (const text of cells) row.insertCell().textContent = text;
});

const response = await fetch(new URL("./model.safetensors", import.meta.url));
const model = await response.arrayBuffer();
const structures = "3\n\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n";
worker.postMessage({ model, structures }, [model]);
