// Rows 23, 25, 26 and 27 of the reliability list, as far as the carriers go.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "models/carrier_messages.hpp"
#include "tests/catch.hpp"
#include "tests/models/carrier_text.hpp"

namespace fs = std::filesystem;
using tl::Problems;
using Strings = std::vector<std::string>;

namespace {

/// A folder of our own that goes away again.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_{fs::temp_directory_path() / ("tl-" + name + '-' + std::to_string(::getpid()))} {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::set<std::string> codes_of(const fs::path& path, const tl::Limits& limits = {}) {
  Problems problems;
  tl::read_document(path, limits, problems);
  std::set<std::string> codes;
  for (const tl::Problem& p : problems.sorted()) codes.insert(std::string{p.code.text()});
  return codes;
}

using Codes = std::set<std::string>;

const std::string kToml =
    "title = \"county\"\n[model]\nstart = 2020-07-01\n[settings.psh]\ncapacity = 1_000\nstay = { kind = 'gamma', mean "
    "= "
    "\"5 d\", cv = 0.5 }\n[[routes]]\nfrom = \"jail\"\nshares = [0.5, \"35%\"]\n[[routes]]\nnote = "
    "\"\"\"caf\xC3\xA9\"\"\"\n"
    "[parameters.los]\nvalue = 5\nunit = \"d\"\n";
const std::string kCsv =
    "\xEF\xBB\xBFid;stay.kind;stay.mean [d];shares;note\r\npsh;gamma;5;\"[0.5, { a = 1 }]\";\"caf\xC3\xA9; "
    "\"\"b\"\"\r\nc\"\r\n"
    "jail;;2.5;;\r\n";

}  // namespace

TEST_CASE("a model is a folder or a file, and its tables stand in one place") {
  const Folder folder{"model"};
  folder.write("model.toml", "[model]\nname = \"x\"\n[settings.psh]\ncapacity = 3\n");
  folder.write("routes.csv", "from,to\npsh,jail\n");
  folder.write(".~lock.routes.csv#", "x");
  folder.write("~$routes.csv", "x");
  folder.write("readme.md", "x");
  Problems problems;
  const tl::Document document = tl::read_document(folder.path(), {}, problems);
  INFO(to_text(problems));
  REQUIRE(problems.empty());
  REQUIRE(document.tables.size() == 2);
  CHECK(document.tables[1].name == "routes");
  CHECK(document.find("routes")->rows[0].find("to")->at ==
        tl::Place{(folder.path() / "routes.csv").generic_string(), 2, 5});

  const auto file = folder.write("one.toml", "[settings.psh]\ncapacity = 3\n");
  CHECK(tl::read_document(file, {}, problems).find("settings") != nullptr);
  CHECK(problems.empty());

  folder.write("settings.csv", "id\njail\n");
  folder.write("model.csv", "id\njail\n");
  tl::read_document(folder.path(), {}, problems);
  const auto found = problems.sorted();
  REQUIRE(found.size() == 2);
  CHECK(found[0].code.text() == "table-twice");
  CHECK_THAT(found[0].what, Catch::Contains("model.toml:1"));
  CHECK_THAT(found[1].what, Catch::Contains("model.toml:3"));
}

TEST_CASE("what is no readable file is refused") {
  const Folder folder{"files"};
  CHECK(codes_of(folder.path() / "nosuch") == Codes{"file-missing"});
  CHECK(codes_of(folder.path() / std::string(5000, 'x')) == Codes{"file-unreadable"});
  CHECK(codes_of(folder.path()) == Codes{"file-kind"});  // no model.toml
  CHECK(codes_of("/dev/zero") == Codes{"file-kind"});
  CHECK(codes_of("") == Codes{"file-missing"});
  REQUIRE(::mkfifo((folder.path() / "pipe.toml").c_str(), 0600) == 0);
  CHECK(codes_of(folder.path() / "pipe.toml") == Codes{"file-kind"});

  const auto file = folder.write("model.toml", "x = 1\n");
  CHECK(codes_of(file / "below") == Codes{"file-missing"});
  fs::create_directory(folder.path() / "folder.csv");
  CHECK(codes_of(folder.path()) == Codes{"file-kind"});
  fs::remove(folder.path() / "folder.csv");
  REQUIRE(::mkfifo((folder.path() / "pipe.csv").c_str(), 0600) == 0);
  CHECK(codes_of(folder.path()) == Codes{"file-kind"});
  fs::remove(folder.path() / "pipe.csv");
  fs::create_symlink("/etc/passwd", folder.path() / "out.csv");
  CHECK(codes_of(folder.path()) == Codes{"file-outside"});
  fs::remove(folder.path() / "out.csv");
  fs::create_symlink("loop.csv", folder.path() / "loop.csv");
  CHECK(codes_of(folder.path()) == Codes{"file-unreadable"});
  fs::remove(folder.path() / "loop.csv");
  fs::create_symlink("gone", folder.path() / "gone.csv");
  CHECK(codes_of(folder.path()) == Codes{"file-missing"});
  fs::remove(folder.path() / "gone.csv");
  folder.write("real.csv", "id\na\n");
  fs::create_symlink("real.csv", folder.path() / "within.csv");
  CHECK(codes_of(folder.path()).empty());
  folder.write("b.XLSX", "x");
  folder.write(".~lock.a.ods#", "x");
  folder.write("~$b.xlsx", "x");
  CHECK(codes_of(folder.path()) == Codes{"file-sheet"});
  folder.write("a.ods", "x");
  CHECK(codes_of(folder.path()) == Codes{"file-sheet"});
  Problems sheets;
  tl::read_document(folder.path(), {}, sheets);
  CHECK_FALSE(sheets.has_errors());
  CHECK_THAT(to_text(sheets), Catch::Contains("a.ods: warning: is not read") && Catch::Contains("as a.csv"));
  fs::remove(folder.path() / "a.ods");
  fs::remove(folder.path() / "b.XLSX");
  folder.write("real.csv", "PK\x03\x04\x14");
  Problems workbook;
  tl::read_document(folder.path(), {}, workbook);
  CHECK_THAT(to_text(workbook), Catch::Contains("real.csv:1:1: is a workbook"));
  folder.write("real.csv", "id\na\n");

  Problems table;
  tl::read_document(folder.path() / "real.csv", {}, table);
  CHECK_THAT(to_text(table), Catch::Contains("is one table") && Catch::Contains("Name the folder: "));
  fs::create_directory(folder.path() / "what-if");
  folder.write("what-if/study.toml", "[study]\n");
  Problems study;
  tl::read_document(folder.path() / "what-if", {}, study);
  CHECK_THAT(to_text(study), Catch::Contains("has no model.toml") && Catch::Contains("what-if/study.toml"));

  Problems problems;
  tl::read_document(folder.path() / "modle.toml", {}, problems);
  CHECK_THAT(to_text(problems), Catch::Contains("Did you mean \"model.toml\"?"));
  if (::geteuid() != 0) {  // root may read everything
    fs::permissions(file, fs::perms::none);
    CHECK(codes_of(file) == Codes{"file-unreadable"});
    fs::permissions(file, fs::perms::owner_all);
  }
}

TEST_CASE("texts that are no text are refused, odd ones read") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"\n\n", ""},
      {"\xEF\xBB\xBF", ""},
      {"\xEF\xBB\xBFx = 1\r\ny = 2\r\n", ""},
      {std::string("x = 1\0y", 7), "text-nul"},
      {"x = \"\xE9\"", "text-encoding"},                     // Latin-1
      {"\xFF\xFEx\x01", "text-encoding"},                    // UTF-16
      {"x = \"\xC0\xAF\"", "text-encoding"},                 // not the shortest form
      {"x = \"\xED\xA0\x80\"", "text-encoding"},             // a surrogate
      {"x = \"\xF4\x90\x80\x80\"", "text-encoding"},         // beyond Unicode
      {"x = \"\xE2\x82", "text-encoding"},                   // ends within a character
      {"x = \"\xE2\x80\xAE text\"", ""},                     // a mark of direction in prose
      {"\"\xE2\x81\xA6x\" = 1", "text-direction"},           // and in a name
      {"x = \"" + std::string(10'000'000, 'y') + "\"", ""},  // 10 MB line
      {std::string(10'000'000, 'y') + " = 1", "name-bad"},
      {"x = [" + std::string(3'000'000, '1') + "]", "toml-syntax"},
      {"#" + std::string(10'000'000, '['), ""},
  }));
  INFO(text.substr(0, 40));
  Problems problems;
  tl::toml_of(text, problems);
  REQUIRE(problems.sorted().size() == (code.empty() ? 0u : 1u));
  if (!code.empty()) CHECK(problems.sorted()[0].code.text() == code);
}

TEST_CASE("a long line costs time in proportion, not by the square") {
  std::string numbers = "x = [1.5";
  for (int i = 0; i < 100'000; ++i) numbers += ", 1.5";
  Problems problems;
  const tl::Document document = tl::toml_of(numbers + "]", problems);
  CHECK(document.head.find("x")->items.size() == 100'001);
  CHECK(document.head.find("x")->items.back().at.column == 6 + 5 * 100'000);
  const tl::Table table = tl::csv_of("id,note\na," + std::string(10'000'000, 'y') + "\n", problems);
  CHECK(table.rows[0].find("note")->text.size() == 10'000'000);
  CHECK(problems.empty());
}

TEST_CASE("odd CSV texts are read or refused") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"\xEF\xBB\xBF", ""},
      {"\r\n\r\n", ""},
      {",,,\n,,\n", ""},
      {"id", ""},
      {"\"", "csv-quote"},
      {std::string("id\0,n\n", 6), "text-nul"},
      {"id\n\xE9\n", "text-encoding"},
      {"id\na\n\"b", "csv-quote"},
      {std::string(1'000'000, ','), ""},
      {std::string(1'000'000, '"'), "name-bad"},
      {"id,n\na,[", "toml-syntax"},
      {"id,n\na,{", "toml-syntax"},
      {"id,n\na,\"[1]\n[x]\"", "csv-cell"},
  }));
  INFO(text.substr(0, 40));
  Problems problems;
  tl::csv_of(text, problems);
  INFO(to_text(problems));
  if (code.empty())
    CHECK(problems.empty());
  else
    CHECK(problems.sorted().at(0).code.text() == code);
}

TEST_CASE("an example cut off at every byte, or with a byte changed, never breaks the reader") {
  Problems whole;
  tl::toml_of(kToml, whole);
  tl::csv_of(kCsv, whole);
  INFO(to_text(whole));
  REQUIRE(whole.empty());
  const auto read = [](const std::string& toml, const std::string& csv) {
    Problems problems;
    const tl::Document document = tl::toml_of(toml, problems);
    tl::read_parameters(document.find("parameters"), {}, problems);
    const tl::Table table = tl::csv_of(csv, problems);
    for (const tl::Problem& p : problems.sorted()) {
      CHECK(p.at.line >= 1);
      CHECK(p.at.column >= 1);
      CHECK(to_text(p).find('\n') == std::string::npos);
    }
  };
  for (std::size_t i = 0; i < kToml.size(); ++i) read(kToml.substr(0, i), "");
  for (std::size_t i = 0; i < kCsv.size(); ++i) read("", kCsv.substr(0, i));
  const std::string odd("\0\n\r\"'[]{}=.,;$-\x80\xFF", 18);
  for (std::size_t i = 0; i < kToml.size() + kCsv.size(); ++i)
    for (const char c : odd) {
      std::string toml = kToml, csv = kCsv;
      if (i < toml.size())
        toml[i] = c;
      else
        csv[i - toml.size()] = c;
      read(i < toml.size() ? toml : "", i < toml.size() ? "" : csv);
    }
}

TEST_CASE("forty mistakes are forty messages, in file order, none doubled") {
  const Folder folder{"forty"};
  std::string toml, csv = "id,value,unit,low\n", third = "id,n,m [d]\n";
  for (int i = 0; i < 10; ++i) toml += "x" + std::to_string(i) + " = nan\n";
  for (int i = 0; i < 20; ++i) csv += "p" + std::to_string(i) + ",\"1,5\",d,1 bed\n";
  for (int i = 0; i < 10; ++i) third += "same,\"[0x1" + std::to_string(i) + "]\",5\n";
  folder.write("model.toml", toml);
  folder.write("parameters.csv", csv);
  folder.write("t.csv", third);
  Problems problems;
  const tl::Document document = tl::read_document(folder.path(), {}, problems);
  tl::read_parameters(document.find("parameters"), {}, problems);
  tl::read_parameters(document.find("parameters"), {}, problems);  // read again, told once
  const auto found = problems.sorted();
  CHECK(found.size() == 10 + 20 + 10 + 9);
  for (std::size_t i = 1; i < found.size(); ++i) {
    const bool same_file = found[i - 1].at.file == found[i].at.file;
    CHECK((same_file ? found[i - 1].at.line <= found[i].at.line : found[i - 1].at.file < found[i].at.file));
  }
}

// Row 23: each code of the carriers' table has here the shortest input that triggers it; the other files check places.
TEST_CASE("every message of the carriers has a case that triggers it") {
  const Folder folder{"codes"};
  std::set<std::string> seen;
  const auto note = [&](const Problems& problems) {
    for (const tl::Problem& p : problems.sorted()) seen.insert(std::string{p.code.text()});
  };
  const auto document = [&](const fs::path& path, const tl::Limits& limits = {}) {
    Problems problems;
    tl::read_document(path, limits, problems);
    note(problems);
  };
  document(folder.path() / "nosuch");
  document(folder.path());
  document(folder.path() / std::string(5000, 'x'));
  folder.write("model.toml", "[t.a]\n");
  folder.write("t.csv", "id\na\n");
  folder.write("t.xlsx", "x");
  document(folder.path());
  tl::Limits small;
  small.files = 1;
  document(folder.path(), small);
  small.model_file_bytes = 1;
  document(folder.path(), small);
  fs::create_symlink("/etc/passwd", folder.path() / "out.csv");
  document(folder.path());

  tl::Limits one_row;
  one_row.table_rows = 1;
  one_row.table_columns = 2;
  for (const std::string& text :
       {std::string("\xFF"), std::string("\0", 1), std::string("\"\xE2\x80\xAE\" = 1"), std::string("x"),
        std::string("x = 1\nx = 2"), "x = " + std::string(65, '['), std::string("\"\" = 1"),
        std::string("[[r]]\nid = 1\n[[r]]\nid = 1"), std::string("x = 0x1"), std::string("x = inf"),
        std::string("x = 1e400"), std::string("x = 9007199254740993")}) {
    Problems problems;
    tl::toml_of(text, problems, one_row);
    note(problems);
  }
  for (const std::string& text : {std::string("a,b,c\n"), std::string("a\n\"1"), std::string("a\n1,2"),
                                  std::string("a,a\n"), std::string("a\n\"[1]\nb = 1\"")}) {
    Problems problems;
    tl::csv_of(text, problems, "t", one_row);
    note(problems);
  }
  Problems problems;
  tl::csv_of("id\na\na\n", problems);
  tl::table_from_cell("t", *tl::toml_of("t = 1", problems).head.find("t"), problems);
  for (const char* row :
       {"a,,,,", "d,1,,,", "b,1,,,guess", "b,1,,2,", "b,b,,,", "b,nosuch,,,", "b,2 *,,,", "b,1 + 1 d,,,", "b,1 / 0,,,",
        "b,5,dasy,,", "b,\"1,5\",,,", "b,5 h,USD,,", "b,.5,,,", "b,TRUE,,,"}) {
    const tl::Table table = tl::csv_of(std::string{"id,value,unit,low,kind\n"} + row + '\n', problems);
    tl::read_parameters(&table, {}, problems);
  }
  tl::Cell cell;
  cell.text = "2.5";
  tl::read_number(cell, tl::kDuration, tl::Range::any(), "f", {}, problems);
  tl::read_number(cell, tl::kPlain, tl::Range::share(), "f", {}, problems);
  tl::read_count(cell, tl::Range::any(), "f", {}, problems);
  note(problems);

  for (const tl::MessageKind& kind : tl::kCarrierMessages) {
    INFO(kind.code);
    CHECK(seen.count(std::string{kind.code}) == 1);
  }
}
