#include <cstdlib>
#include <regex>
#include <set>

#include "tests/apps/mistakes.hpp"
#include "tests/catch.hpp"

// The page of mistakes is what the program prints about each, and it points at the line that is wrong.
namespace {

using namespace tl::test;

const fs::path kModels = TL_SOURCE_DIR "/tests/apps/mistakes";
const fs::path kPage = TL_SOURCE_DIR "/docs/errors.md";

std::vector<Mistake> all_mistakes() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{kModels})
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Mistake> all;
  for (const fs::path& file : files) {
    const std::vector<Mistake> some = read_mistakes(text_of_file(file));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

const char* kOpening =
    "# Mistakes, and what the program says\n\n"
    "{count} mistakes that are easily made, each with the message as the program prints it: the file, the line and the "
    "column, the field, what is wrong, in\nbrackets why, and what to try. `throughline check` tells all that it finds "
    "at once. The models are those of `tests/apps/mistakes`; a test makes each mistake in\nturn, runs the program, and "
    "holds this page to what it printed.\n";

std::string fenced(const std::string& language, const std::string& text) {
  return "```" + language + '\n' + text + "```\n";
}

std::string anchor(const std::string& title) {
  std::string text;
  for (const char letter : title)
    if (letter == ' ')
      text += '-';
    else if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

std::string language_of(const Mistake& mistake) {
  return mistake.file.ends_with(".csv") ? "csv" : "toml";
}

std::string entry(std::size_t number, const Mistake& mistake, const std::string& printed) {
  std::string text = "\n**" + std::to_string(number) + ". " + mistake.what + "**\n\n";
  std::string wrong;
  for (const std::string& line : mistake.written) wrong += line + '\n';
  if (!wrong.empty()) text += fenced(language_of(mistake), wrong) + '\n';
  if (!mistake.command.empty()) text += fenced("sh", "throughline " + mistake.command + '\n') + '\n';
  return text + fenced("text", printed);
}

struct Told {
  std::string file;
  std::size_t line = 0;
};

/// The places the messages name.
std::vector<Told> places_of(const std::string& printed) {
  static const std::regex kPlace{R"(^([A-Za-z0-9_./-]+):([0-9]+):([0-9]+): )"};
  std::vector<Told> places;
  for (const std::string& line : lines_of(printed)) {
    std::smatch found;
    if (std::regex_search(line, found, kPlace))
      places.push_back({found[1], static_cast<std::size_t>(std::stoul(found[2]))});
  }
  return places;
}

/// A message points at a line of the mistake. What is told as well follows from it.
bool is_placed(const Mistake& mistake, const std::string& printed) {
  if (!mistake.command.empty() || mistake.where == "none") return true;
  const std::vector<std::string> lines = lines_of(with_mistake(text_of_file(kModels / mistake.file), mistake));
  const std::vector<std::string> right = mistake.where.empty() ? mistake.written : std::vector{mistake.where};
  for (const Told& told : places_of(printed))
    if (told.file == mistake.file && told.line >= 1 && told.line <= lines.size() &&
        std::find(right.begin(), right.end(), lines[told.line - 1]) != right.end())
      return true;
  return false;
}

}  // namespace

TEST_CASE("the models in which mistakes are made are good") {
  for (const char* model : {"town.toml", "study.toml", "county"}) {
    CAPTURE(model);
    CHECK(run_program({"check", (kModels / model).string(), "--strict"}).code == 0);
  }
}

TEST_CASE("the page of mistakes is what the program prints, at the place of the mistake") {
  const std::vector<Mistake> mistakes = all_mistakes();
  CHECK(mistakes.size() >= 100);
  std::string contents, body, topic, wrong;
  std::set<std::string> names, messages;
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    const Mistake& mistake = mistakes[i];
    if (mistake.topic != topic) {
      topic = mistake.topic;
      contents += "- [" + topic + "](#" + anchor(topic) + ")\n";
      body += "\n## " + topic + '\n';
    }
    const std::string printed = printed_for(mistake, kModels);
    body += entry(i + 1, mistake, printed);
    if (!names.insert(mistake.what).second) wrong += mistake.what + ": stands twice\n";
    if (!messages.insert(printed).second) wrong += mistake.what + ": has the message of another\n";
    if (printed.empty()) wrong += mistake.what + ": nothing is said\n";
    if (!is_placed(mistake, printed)) wrong += mistake.what + ": told elsewhere\n    " + printed;
  }
  CHECK(wrong == "");
  std::string page = kOpening;
  page.replace(page.find("{count}"), 7, std::to_string(mistakes.size()));
  page += '\n' + contents + body;
  if (std::getenv("TL_UPDATE_DOCS") != nullptr) std::ofstream{kPage} << page;
  CHECK((page == text_of_file(kPage)));  // TL_UPDATE_DOCS=1 writes it anew
}

TEST_CASE("a list of mistakes that cannot be read is refused") {
  CHECK_THROWS_WITH(read_mistakes("# A\n+ x\n"), Catch::Contains("before the first mistake"));
  CHECK_THROWS_WITH(read_mistakes("# A\n## b\nwhat\n"), Catch::Contains("cannot read: what"));
  Mistake mistake;
  mistake.taken = {"a"};
  mistake.written = {"b"};
  CHECK(with_mistake("c\na\n", mistake) == "c\nb\n");
  CHECK_THROWS_WITH(with_mistake("a\na\n", mistake), Catch::Contains("not there once"));
  CHECK_THROWS_WITH(with_mistake("c\n", mistake), Catch::Contains("not there once"));
}
