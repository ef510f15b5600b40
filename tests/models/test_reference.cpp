#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "models/later.hpp"
#include "models/schema.hpp"
#include "tests/catch.hpp"

// docs/language.md is held against the one table of fields, and the pages against the links between them.
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The text between the first two backticks; empty without them.
std::string code_in(std::string_view line) {
  const std::size_t open = line.find('`');
  const std::size_t close = open == std::string_view::npos ? open : line.find('`', open + 1);
  return close == std::string_view::npos ? "" : std::string{line.substr(open + 1, close - open - 1)};
}

using FieldsByTable = std::map<std::string, std::set<std::string>>;

/// What the page documents: a heading "### `settings`" opens a table, a line "| `stay` | ..." is one of its fields.
/// Any other heading closes it.
FieldsByTable fields_documented(const std::string& page) {
  FieldsByTable found;
  std::istringstream lines{page};
  std::string line, table;
  while (std::getline(lines, line)) {
    if (line.rfind('#', 0) == 0) {
      table = line.rfind("### `", 0) == 0 ? code_in(line) : "";
      if (!table.empty()) found[table];
    } else if (!table.empty() && line.rfind("| `", 0) == 0) {
      found[table].insert(code_in(line));
    }
  }
  return found;
}

FieldsByTable fields_of_schema() {
  FieldsByTable fields;
  for (const tl::FieldEntry& entry : tl::schema()) fields[std::string{entry.table}].insert(std::string{entry.field});
  for (const tl::FieldEntry& entry : tl::common_fields()) fields["*"].insert(std::string{entry.field});
  return fields;
}

/// What `page` lacks and what it has too much, one a line.
std::string differences(const FieldsByTable& due, const FieldsByTable& there) {
  std::string text;
  const auto lacking = [&](const FieldsByTable& from, const FieldsByTable& in, const char* words) {
    for (const auto& [table, fields] : from) {
      const auto found = in.find(table);
      if (found == in.end())
        text += std::string{words} + "the table " + table + '\n';
      else
        for (const std::string& field : fields)
          if (!found->second.contains(field)) text += std::string{words} + table + '.' + field + '\n';
    }
  };
  lacking(due, there, "not documented: ");
  lacking(there, due, "not in the language: ");
  return text;
}

/// Targets of the links of a page that are files here: "](other.md#part)" without the part.
std::vector<std::string> links_of(const std::string& page) {
  std::vector<std::string> links;
  for (std::size_t at = page.find("]("); at != std::string::npos; at = page.find("](", at + 2)) {
    std::string target = page.substr(at + 2, page.find(')', at) - at - 2);
    target = target.substr(0, target.find('#'));
    if (!target.empty() && target.find("://") == std::string::npos) links.push_back(target);
  }
  return links;
}

const fs::path kRoot = TL_SOURCE_DIR;

}  // namespace

TEST_CASE("a field that is missing from a page, or too much on it, is told") {
  const std::string page =
      "### `settings`\n| `id` | x |\n| `bed` | x |\nText on `stay`.\n### Notes\n| `no_field` | x |\n";
  const FieldsByTable there = fields_documented(page);
  REQUIRE(there.size() == 1);
  CHECK(differences({{"settings", {"id", "stay"}}, {"routes", {"from"}}}, there) ==
        "not documented: the table routes\nnot documented: settings.stay\nnot in the language: settings.bed\n");
  CHECK(links_of("[a](b.md) [c](d/e.md#f) [g](#h) [i](https://example.org/x)") ==
        std::vector<std::string>{"b.md", "d/e.md"});
}

TEST_CASE("the language reference documents every table and field, and no other") {
  const std::string page = text_of(kRoot / "docs/language.md");
  REQUIRE(page.size() > 1000);
  const std::string wrong = differences(fields_of_schema(), fields_documented(page));
  INFO(wrong);
  CHECK(wrong.empty());
}

TEST_CASE("the language reference names every word of a field and everything that is not in this version") {
  const std::string page = text_of(kRoot / "docs/language.md");
  std::string missing;
  const auto look_for = [&](std::string_view word, std::string_view of) {
    if (page.find('`' + std::string{word} + '`') == std::string::npos)
      missing += std::string{word} + " (" + std::string{of} + ")\n";
  };
  for (const tl::FieldEntry& entry : tl::schema()) {
    if (entry.kind != tl::FieldKind::word) continue;
    std::istringstream words{std::string{entry.words}};
    for (std::string word; std::getline(words, word, '|');) look_for(word, entry.field);
  }
  for (const tl::LaterConstruct& later : tl::kLaterConstructs) look_for(later.name, later.meaning);
  INFO(missing);
  CHECK(missing.empty());
}

TEST_CASE("links between the pages lead somewhere") {
  std::vector<fs::path> pages{kRoot / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator{kRoot / "docs"})
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  REQUIRE(pages.size() > 5);
  std::string broken;
  for (const fs::path& page : pages)
    for (const std::string& link : links_of(text_of(page)))
      if (!fs::exists(page.parent_path() / link)) broken += page.filename().string() + " -> " + link + '\n';
  INFO(broken);
  CHECK(broken.empty());
}
