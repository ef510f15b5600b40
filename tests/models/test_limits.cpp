// Row 28 of the reliability list, as far as the carriers go: at each limit, one under and one over.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/models/carrier_text.hpp"

using tl::Limits;
using tl::Problems;

namespace {

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

/// "" when all is well, or the first problem's code.
std::string first_code(const Problems& problems) {
  return problems.empty() ? "" : std::string{problems.sorted()[0].code.text()};
}

std::string toml_code(const std::string& text, const Limits& limits = {}) {
  Problems problems;
  tl::toml_of(text, problems, limits);
  return first_code(problems);
}

std::string csv_code(const std::string& text, const Limits& limits = {}) {
  Problems problems;
  tl::csv_of(text, problems, "t", limits);
  return first_code(problems);
}

/// TOML nested this deep, in several ways of writing it.
std::string nested(const std::string& way, int depth) {
  if (way == "lists") return "x = " + repeated("[", depth) + repeated("]", depth);
  if (way == "tables") return "x = " + repeated("{ a = ", depth - 1) + "{}" + repeated(" }", depth - 1);
  if (way == "dotted key") return repeated("a.", depth) + "b = 1.5";
  if (way == "header") return "[a" + repeated(".a", depth - 1) + "]\nx = 1.5";
  if (way == "list of tables") return "[[a" + repeated(".a", depth - 2) + "]]\nx = 1.5";
  return "[a" + repeated(".a", depth - 5) + "]\nb.c = [{ d.e = 2.5, f = '.[.[' }] # [[[";  // all at once
}

}  // namespace

TEST_CASE("nesting in TOML: at the limit, under, over and far over") {
  const std::string way = GENERATE("lists", "tables", "dotted key", "header", "list of tables", "mixed");
  INFO(way);
  CHECK(toml_code(nested(way, 63)) == "");
  CHECK(toml_code(nested(way, 64)) == "");
  CHECK(toml_code(nested(way, 65)) == "nesting-deep");
  CHECK(toml_code(nested(way, 200'000)) == "nesting-deep");
}

TEST_CASE("nesting is counted by what is open, not by what was") {
  CHECK(toml_code(repeated("[t]\n", 1) + "x = [" + repeated("[1.5, 2.5],", 500) + "]\n") == "");
  CHECK(toml_code("x = [" + repeated("{ a.b = 1.5, c.d = 2 },", 500) + "]\n") == "");
  std::string lines;
  for (int i = 0; i < 500; ++i) lines += "a.b" + std::to_string(i) + " = '[[.[' # [[[\n";
  CHECK(toml_code(lines) == "");
}

TEST_CASE("nesting in a cell and a heading of CSV") {
  const auto cell = [](int depth) { return "id,n\na,\"" + repeated("[", depth) + repeated("]", depth) + "\"\n"; };
  CHECK(csv_code(cell(64)) == "");
  CHECK(csv_code(cell(65)) == "nesting-deep");
  CHECK(csv_code(cell(100'000)) == "nesting-deep");
  const auto heading = [](int depth) { return "id,n" + repeated(".n", depth - 1) + "\na,1\n"; };
  CHECK(csv_code(heading(64)) == "");
  CHECK(csv_code(heading(65)) == "nesting-deep");
}

TEST_CASE("length of names") {
  const auto name = [](int length) { return repeated("n", length); };
  CHECK(toml_code(name(199) + " = 1") == "");
  CHECK(toml_code(name(200) + " = 1") == "");
  CHECK(toml_code(name(201) + " = 1") == "name-bad");
  CHECK(toml_code("[settings." + name(201) + "]") == "name-bad");
  CHECK(csv_code("id\n" + name(200)) == "");
  CHECK(csv_code("id\n" + name(201)) == "name-bad");
  CHECK(csv_code(name(200) + "\n1") == "");
  CHECK(csv_code(name(201) + "\n1") == "name-bad");
}

TEST_CASE("columns and rows of a table") {
  const auto columns = [](int n) {
    std::string heading = "c0", row = "0";
    for (int i = 1; i < n; ++i) heading += ",c" + std::to_string(i), row += ",1";
    return heading + '\n' + row + '\n';
  };
  CHECK(csv_code(columns(999)) == "");
  CHECK(csv_code(columns(1000)) == "");
  CHECK(csv_code(columns(1001)) == "table-columns");
  Limits limits;
  limits.table_rows = 5;
  const auto rows = [](int n) { return "n\n" + repeated("1\n", n); };
  CHECK(csv_code(rows(4), limits) == "");
  CHECK(csv_code(rows(5), limits) == "");
  CHECK(csv_code(rows(6), limits) == "table-rows");
  CHECK(csv_code(rows(5) + "\n\n,\n", limits) == "");  // blank rows are none
  CHECK(toml_code(repeated("[[r]]\n", 5), limits) == "");
  CHECK(toml_code(repeated("[[r]]\n", 6), limits) == "table-rows");
}

TEST_CASE("size and number of files") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "tl-limits-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto write = [&](const std::string& name, const std::string& text) { std::ofstream{folder / name} << text; };
  write("model.toml", "x = 123456\n");  // 11 bytes
  write("a.csv", "id,n\na,1\n");        // 9 bytes
  write("b.csv", "id,n\nb,1\n");
  const auto code = [&](std::uint64_t model, std::uint64_t table, std::uint64_t files) {
    Limits limits;
    limits.model_file_bytes = model;
    limits.table_file_bytes = table;
    limits.files = files;
    Problems problems;
    tl::read_document(folder, limits, problems);
    return first_code(problems);
  };
  CHECK(code(12, 10, 4) == "");
  CHECK(code(11, 9, 3) == "");
  CHECK(code(10, 9, 3) == "file-large");
  CHECK(code(11, 8, 3) == "file-large");
  CHECK(code(11, 9, 2) == "file-count");
  fs::remove_all(folder);
}
