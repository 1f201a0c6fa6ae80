/** What runs in the reader's browser to sort a table: a click on a heading, largest magnitude first, again the other way round. */
export const SORT_SCRIPT = `
document.querySelectorAll("table.sortable").forEach(function (table) {
  var headings = Array.from(table.querySelectorAll("thead th"));
  headings.forEach(function (heading, column) {
    heading.querySelector("button").addEventListener("click", function () {
      var order = heading.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
      headings.forEach(function (other) { other.removeAttribute("aria-sort"); });
      heading.setAttribute("aria-sort", order);
      var value = function (row) { return row.children[column].dataset.value; };
      var compare = function (a, b) {
        var x = value(a), y = value(b);
        if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
        var difference = column === 0 ? y.localeCompare(x, "en", { numeric: true }) : Math.abs(y) - Math.abs(x);
        return order === "descending" ? difference : -difference;
      };
      table.tBodies[0].append.apply(table.tBodies[0], Array.from(table.tBodies[0].rows).sort(compare));
    });
  });
});
`;
