/** What runs in the reader's browser: unpacks viewer and grids, draws with 3Dmol, follows the controls. Plain JavaScript text. */
import { SURFACE_NETS_SOURCE } from "./surface-nets.js";

export const VIEWER_SCRIPT = `
(async function () {
  "use strict";
  var surfaceNets = ${SURFACE_NETS_SOURCE};
  var element = function (id) { return document.getElementById(id); };
  var stage = element("stage"), controls = element("view-controls"), legend = element("view-legend");
  var range = element("isovalue"), text = element("isovalue-text"), labels = element("view-labels"), choice = element("view-choice");
  var message = stage.querySelector("p");
  var views = JSON.parse(element("view-data").textContent);
  var fields = new Map();
  var view, viewer, drawing = 0;

  function webgl() {
    try {
      var canvas = document.createElement("canvas");
      return !!(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch (error) { return false; }
  }
  async function unpack(packed) {
    var bytes = Uint8Array.from(atob(packed), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  async function loadViewer() {
    var script = document.createElement("script");
    script.textContent = new TextDecoder().decode(await unpack(element("viewer-source").textContent));
    document.head.append(script);
  }
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  /*
   * Values over the cap; of densities their square roots, which change less from point to point. Differences of densities
   * change sign, where a root is steep, and stay as they are.
   */
  async function unpackField(field) {
    if (fields.has(field)) return fields.get(field);
    var bytes = await unpack(field.data), n = bytes.length / 2, sum = 0, values = new Float32Array(n);
    for (var i = 0; i < n; i++) {
      var root = (sum += ((bytes[i] | (bytes[n + i] << 8)) << 16) >> 16) / field.steps;
      values[i] = field.signed ? root * Math.abs(root) : root;
    }
    fields.set(field, values);
    return values;
  }
  function vectors(flat) {
    var list = [];
    for (var i = 0; i < flat.length; i += 3) list.push({ x: flat[i], y: flat[i + 1], z: flat[i + 2] });
    return list;
  }
  function addSurface(values, level, fill, opacity) {
    var surface = surfaceNets(values, view.grid, level);
    if (surface.faces.length === 0) return;
    viewer.addCustom({ vertexArr: vectors(surface.vertices), normalArr: vectors(surface.normals), faceArr: surface.faces, color: fill, opacity: opacity });
  }
  function cellCorner(i, j, k) {
    return vectors([0, 1, 2].map(function (d) { return i * view.cell[d] + j * view.cell[3 + d] + k * view.cell[6 + d]; }))[0];
  }
  function addCell() {
    for (var a = 0; a < 2; a++) for (var b = 0; b < 2; b++) {
      viewer.addLine({ start: cellCorner(0, a, b), end: cellCorner(1, a, b), color: colour("--soft") });
      viewer.addLine({ start: cellCorner(a, 0, b), end: cellCorner(a, 1, b), color: colour("--soft") });
      viewer.addLine({ start: cellCorner(a, b, 0), end: cellCorner(a, b, 1), color: colour("--soft") });
    }
  }
  function addLabels() {
    viewer.removeAllLabels();
    if (!labels.checked) return;
    viewer.selectedAtoms({}).forEach(function (atom) {
      viewer.addLabel(atom.elem + " " + atom.index, {
        position: { x: atom.x, y: atom.y, z: atom.z }, alignment: "center", inFront: true, fontSize: 12,
        fontColor: colour("--ink"), backgroundColor: colour("--paper"), backgroundOpacity: 0.6,
      });
    });
  }
  function addLegend() {
    var palette = window.$3Dmol.elementColors.Jmol;
    legend.replaceChildren.apply(legend, view.elements.map(function (symbol) {
      var item = document.createElement("span"), dot = document.createElement("i");
      dot.style.background = "#" + (palette[symbol] === undefined ? 0xff1493 : palette[symbol]).toString(16).padStart(6, "0");
      item.append(dot, symbol);
      return item;
    }));
  }
  async function draw() {
    var turn = ++drawing;
    var field = view.fields[controls.querySelector("input[name=surface]:checked").value];
    var values = field && (await unpackField(field));
    if (turn !== drawing) return;
    viewer.removeAllShapes();
    if (view.cell) addCell();
    addLabels();
    range.disabled = !field;
    text.textContent = "";
    if (field) {
      var value = field.isovalue * Math.pow(10, Number(range.value));
      if (field.signed) {
        var level = value / field.cap;
        addSurface(values, level, colour("--plus"), 0.8);
        addSurface(values.map(function (x) { return -x; }), level, colour("--minus"), 0.8);
      } else addSurface(values, Math.sqrt(value / field.cap), colour("--surface"), 0.5);
      text.textContent = (field.signed ? "± " : "") + Number(value.toPrecision(2)) + " e/bohr³";
    }
    viewer.render();
  }
  /* As large as the stage allows: atoms with room for the surface around them, or the whole cell. */
  function fill() {
    viewer.zoomTo();
    viewer.setSlab(-1000, 1000);
    var points = viewer.selectedAtoms({}).map(function (atom) { return { x: atom.x, y: atom.y, z: atom.z }; });
    if (view.cell) for (var i = 0; i < 8; i++) points.push(cellCorner(i & 1, (i >> 1) & 1, i >> 2));
    var at = viewer.getView(), centre = { x: -at[0], y: -at[1], z: -at[2] }, room = view.cell ? 0 : 1.3;
    var middle = viewer.modelToScreen(centre), right = 0, up = 0;
    var around = points.flatMap(function (p) {
      return [-room, room].flatMap(function (r) {
        return [{ x: p.x + r, y: p.y, z: p.z }, { x: p.x, y: p.y + r, z: p.z }, { x: p.x, y: p.y, z: p.z + r }];
      });
    });
    viewer.modelToScreen(around).forEach(function (p) { right = Math.max(right, Math.abs(p.x - middle.x)); up = Math.max(up, Math.abs(p.y - middle.y)); });
    viewer.zoom(0.94 * Math.min(stage.clientWidth / right, stage.clientHeight / up) / 2);
  }
  async function choose(index) {
    view = views[index];
    viewer.removeAllModels();
    viewer.addModel(view.xyz, "xyz");
    viewer.setStyle({}, { stick: { radius: 0.1, colorscheme: "Jmol" }, sphere: { scale: 0.2, colorscheme: "Jmol" } });
    labels.checked = view.elements.length > 0 && viewer.selectedAtoms({}).length <= 24;
    stage.setAttribute("aria-label", "Ball-and-stick model of " + view.name + " with a surface of its predicted electron density");
    addLegend();
    fill();
    await draw();
  }
  async function theme() { viewer.setBackgroundColor(colour("--stage"), 1); await draw(); }

  if (!window.DecompressionStream || !webgl()) return;
  try {
    await loadViewer();
    message.remove();
    viewer = window.$3Dmol.createViewer(stage, { backgroundColor: colour("--stage"), antialias: true, preserveDrawingBuffer: true });
    viewer.enableFog(false);
    viewer.rotate(-20, "x");
    viewer.rotate(-25, "y");
    await choose(0);
  } catch (error) {
    stage.replaceChildren(message);
    return;
  }
  controls.hidden = legend.hidden = false;
  controls.addEventListener("change", function (event) {
    if (event.target === choice) return void choose(choice.selectedIndex);
    if (event.target.name === "surface") range.value = "0";
    draw();
  });
  range.addEventListener("input", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  addEventListener("beforeprint", theme);
  addEventListener("afterprint", theme);
  addEventListener("resize", function () { viewer.resize(); });
  document.documentElement.dataset.viewer = "ready";
})();
`;
