/** What runs in the reader's browser: unpacks the grids, draws with 3Dmol, follows the controls. Plain JavaScript text. */

export const VIEWER_SCRIPT = String.raw`
(function () {
  "use strict";
  var stage = document.getElementById("molecule");
  var controls = document.getElementById("molecule-controls");
  var data = JSON.parse(document.getElementById("molecule-data").textContent);
  if (!window.$3Dmol || !webgl()) return;
  var range = document.getElementById("isovalue");
  var text = document.getElementById("isovalue-text");
  var message = stage.querySelector("p");
  var volumes = {};
  var viewer;

  function webgl() {
    try {
      var canvas = document.createElement("canvas");
      return !!(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch (error) { return false; }
  }
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function cube(name) {
    var surface = data.surfaces[name];
    var bytes = Uint8Array.from(atob(surface.values), function (c) { return c.charCodeAt(0); });
    var integers = new DataView(bytes.buffer);
    var counts = data.grid.counts, step = data.grid.spacing, origin = data.grid.origin;
    var lines = ["", "", "0 " + origin.join(" "),
      counts[0] + " " + step + " 0 0", counts[1] + " 0 " + step + " 0", counts[2] + " 0 0 " + step];
    var values = new Array(bytes.length / 2);
    for (var i = 0; i < values.length; i++) {
      var q = integers.getInt16(2 * i, true) / 32767;
      values[i] = (surface.scale * q * Math.abs(q)).toExponential(5);
    }
    return lines.join("\n") + "\n" + values.join(" ");
  }
  function volume(name) {
    if (!volumes[name]) volumes[name] = new $3Dmol.VolumeData(cube(name), "cube");
    return volumes[name];
  }
  function show() {
    var name = controls.querySelector("input[name=surface]:checked").value;
    viewer.removeAllShapes();
    var surface = data.surfaces[name];
    range.disabled = !surface;
    text.textContent = "";
    if (surface) {
      var value = surface.isovalue * Math.pow(10, Number(range.value));
      var shape = function (isovalue, fill) {
        viewer.addIsosurface(volume(name), { isoval: isovalue, color: fill, opacity: surface.signed ? 0.8 : 0.62, smoothness: 3 });
      };
      if (surface.signed) { shape(value, colour("--plus")); shape(-value, colour("--minus")); }
      else shape(value, colour("--corrected"));
      text.textContent = (surface.signed ? "± " : "") + Number(value.toPrecision(2)) + " e/bohr³";
    }
    viewer.render();
  }
  function theme() { viewer.setBackgroundColor(colour("--stage"), 1); show(); }

  try {
    message.remove();
    viewer = $3Dmol.createViewer(stage, { backgroundColor: colour("--stage"), antialias: true, preserveDrawingBuffer: true });
    viewer.addModel(data.xyz, "xyz");
    viewer.setStyle({}, { stick: { radius: 0.1, colorscheme: "Jmol" }, sphere: { scale: 0.2, colorscheme: "Jmol" } });
    viewer.zoomTo();
    viewer.setSlab(-100, 100);
    viewer.enableFog(false);
    viewer.rotate(-20, "x");
    viewer.rotate(25, "y");
    show();
    viewer.zoom(1.6);
    viewer.render();
  } catch (error) {
    stage.replaceChildren(message);
    return;
  }
  controls.hidden = false;
  controls.addEventListener("change", function (event) {
    if (event.target.name === "surface") range.value = "0";
    show();
  });
  range.addEventListener("input", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  addEventListener("beforeprint", theme);
  addEventListener("afterprint", theme);
  addEventListener("resize", function () { viewer.resize(); });
  document.documentElement.dataset.viewer = "ready";
})();
`;
