/** What runs in the reader's browser: unpacks the grids, draws with 3Dmol, follows the controls. Plain JavaScript text. */
import { surfaceNets } from "./surface-nets.js";

export const VIEWER_SCRIPT = `
(function () {
  "use strict";
  var surfaceNets = ${surfaceNets.toString()};
  var stage = document.getElementById("molecule");
  var controls = document.getElementById("molecule-controls");
  var data = JSON.parse(document.getElementById("molecule-data").textContent);
  if (!window.$3Dmol || !webgl()) return;
  var range = document.getElementById("isovalue");
  var text = document.getElementById("isovalue-text");
  var message = stage.querySelector("p");
  var fields = {};
  var viewer;

  function webgl() {
    try {
      var canvas = document.createElement("canvas");
      return !!(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch (error) { return false; }
  }
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function field(name) {
    if (fields[name]) return fields[name];
    var surface = data.surfaces[name];
    var bytes = Uint8Array.from(atob(surface.values), function (c) { return c.charCodeAt(0); });
    var integers = new DataView(bytes.buffer);
    fields[name] = Float32Array.from({ length: bytes.length / 2 }, function (_, i) {
      var q = integers.getInt16(2 * i, true) / 32767;
      return surface.scale * q * Math.abs(q);
    });
    return fields[name];
  }
  function vectors(flat) {
    var list = [];
    for (var i = 0; i < flat.length; i += 3) list.push({ x: flat[i], y: flat[i + 1], z: flat[i + 2] });
    return list;
  }
  function addSurface(values, level, fill, opacity) {
    var grid = data.grid;
    var surface = surfaceNets(values, grid.counts, grid.origin, grid.spacing, level);
    if (surface.faces.length === 0) return;
    viewer.addCustom({ vertexArr: vectors(surface.vertices), normalArr: vectors(surface.normals), faceArr: surface.faces, color: fill, opacity: opacity });
  }
  function show() {
    var name = controls.querySelector("input[name=surface]:checked").value;
    viewer.removeAllShapes();
    var surface = data.surfaces[name];
    range.disabled = !surface;
    text.textContent = "";
    if (surface) {
      var value = surface.isovalue * Math.pow(10, Number(range.value));
      var values = field(name);
      if (surface.signed) {
        addSurface(values, value, colour("--plus"), 0.8);
        addSurface(values.map(function (x) { return -x; }), value, colour("--minus"), 0.8);
      } else addSurface(values, value, colour("--corrected"), 0.62);
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
