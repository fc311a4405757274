// Tables: quotes, line ends, byte order mark, and what is wrong with a broken one.
import { describe, expect, it } from "vitest";
import { parseCsv, parseCsvTable } from "../../../src/sources/csv/parse-csv.ts";

const cellsOf = (text: string): (readonly string[])[] => parseCsv(text).map((row) => row.cells);

describe("parseCsv", () => {
  it("splits rows and cells, keeps empty cells, leaves out empty lines", () => {
    expect(cellsOf("a,b,\n\n,,1\n")).toEqual([
      ["a", "b", ""],
      ["", "", "1"],
    ]);
  });

  it("reads quoted cells: doubled quotes, delimiters and line ends inside", () => {
    expect(cellsOf('1,"say ""x"", y","two\r\nlines"\n2,"",z')).toEqual([
      ["1", 'say "x", y', "two\r\nlines"],
      ["2", "", "z"],
    ]);
  });

  it("ends rows with LF, CRLF and CR, and drops a byte order mark", () => {
    expect(cellsOf("\uFEFFa,b\r\n1,2\r3,4\n5,6")).toEqual([
      ["a", "b"],
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ]);
  });

  it("keeps a quote inside an unquoted cell, and text after a closing quote", () => {
    expect(cellsOf('5" tall,"a"b')).toEqual([['5" tall', "ab"]]);
  });

  it("counts lines of the file, multi-line cells included", () => {
    expect(parseCsv('a\n"x\ny"\n\nb').map((row) => row.line)).toEqual([1, 2, 5]);
  });

  it("reads back what a writer quotes, for any cells", () => {
    const rows = [
      ["plain", "comma,", 'quote"', "line\nend", "\r", " blank ", ""],
      ["ü", "'single'", '""', ",", "\n", "0", "last"],
    ];
    const text = rows
      .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
      .join("\r\n");
    expect(cellsOf(text)).toEqual(rows);
  });

  it("says on which line a quote was opened that never closes", () => {
    expect(() => parseCsv('a\nb,"c\nd', { where: "t.csv" })).toThrowError(
      /t\.csv line 2: expected a closing quote, found the end of the file/,
    );
  });
});

describe("parseCsvTable", () => {
  it("gives rows by column name", () => {
    const table = parseCsvTable("id, name \n1,x\n2,y\n");
    expect(table.columns).toEqual(["id", "name"]);
    expect(table.rows.map((row) => row.values)).toEqual([
      { id: "1", name: "x" },
      { id: "2", name: "y" },
    ]);
  });

  it("refuses another table, a row of another width and an empty file", () => {
    expect(() => parseCsvTable("a,b\n1,2", { required: ["a", "c"], where: "t" })).toThrowError(
      /t: expected the columns c, found a, b/,
    );
    expect(() => parseCsvTable("a,b\n1,2\n3", { where: "t" })).toThrowError(
      /t line 3: expected 2 cells, found 1/,
    );
    expect(() => parseCsvTable("", { where: "t" })).toThrowError(
      /t: expected a header row, found an empty file/,
    );
  });
});
