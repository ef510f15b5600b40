#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analysis/brief.hpp"
#include "analysis/finding.hpp"
#include "analysis/numbers.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/analysis/small_studies.hpp"
#include "tests/analysis/trace_back.hpp"
#include "tests/catch.hpp"

using namespace tl;
using namespace tl::test;

namespace {

std::vector<StudyResults> some_studies() {
  return {money_study(), staff_study(), equity_study(), policies_study(), made::study(12), made::study(1)};
}

/// Groups of vowels, less a silent e at the end: the usual count for English.
int syllables(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto is_vowel = [](char c) { return std::string_view{"aeiouy"}.find(c) != std::string_view::npos; };
  int count = 0;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (is_vowel(word[i]) && (i == 0 || !is_vowel(word[i - 1]))) ++count;
  const std::size_t n = word.size();
  const bool has_le = n > 2 && word[n - 2] == 'l' && !is_vowel(word[n - 3]);
  if (n > 2 && word[n - 1] == 'e' && !is_vowel(word[n - 2]) && !has_le) --count;
  return std::max(count, 1);
}

struct Counts {
  int words = 0, sentences = 0, syllables = 0;
  /// Flesch & Kincaid, of schools in the United States.
  /// @source  Kincaid et al. (1975), Derivation of new readability formulas for Navy enlisted personnel
  double grade() const { return 0.39 * words / sentences + 11.8 * syllables / words - 15.59; }
};

/// A number counts as a word of one syllable; a sentence ends with a point, a question mark or a colon before a blank.
Counts counts_of(const std::vector<std::string>& paragraphs) {
  Counts counts;
  for (const std::string& paragraph : paragraphs) {
    std::istringstream stream{paragraph};
    bool open = false;
    for (std::string word; stream >> word;) {
      std::string letters;
      for (const char c : word)
        if (std::isalpha(static_cast<unsigned char>(c))) letters += c;
      ++counts.words;
      counts.syllables += letters.empty() ? 1 : syllables(letters);
      open = true;
      if (std::string_view{".?:"}.find(word.back()) != std::string_view::npos) {
        ++counts.sentences;
        open = false;
      }
    }
    if (open) ++counts.sentences;
  }
  return counts;
}

std::string joined(const std::vector<std::string>& pages) {
  std::string all;
  for (const std::string& page : pages) all += page;
  return all;
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " > /dev/null").c_str()) == 0;
}

/// What a program of poppler's prints of a file.
std::string printed_by(const std::string& program, const std::string& bytes) {
  std::string folder = (std::filesystem::temp_directory_path() / "throughline-brief-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  std::ofstream{folder + "/brief.pdf", std::ios::binary} << bytes;
  const std::string tail = program == "pdftotext" ? " -" : "";
  const std::string command = program + " '" + folder + "/brief.pdf'" + tail + " > '" + folder + "/out' 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream out{folder + "/out", std::ios::binary};
  std::ostringstream text;
  text << out.rdbuf();
  std::filesystem::remove_all(folder);
  REQUIRE(status == 0);
  return text.str();
}

/// Lines are broken where there is room: for comparing, all blanks are one.
std::string squeezed(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\f' || c == '\r';
    if (!is_blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

}  // namespace

TEST_CASE("every number of a brief is the one of results.h5, rounded as numbers are shown, and is printed") {
  for (const auto make : {&money_study, &staff_study, &equity_study, &policies_study}) {
    const StudyResults study = make();
    CAPTURE(study.study_name);
    const Brief brief = make_brief(study);
    CHECK(brief.numbers.size() > 10);
    for (const TracedNumber& number : brief.numbers) {
      const double value = value_in_file(study, number.from), there = value / number.unit;
      CAPTURE(number.place, number.text, value, number.unit, number.from.measure, number.from.subject);
      CHECK(std::abs(number.value - value) <= 1e-12 * std::max(1.0, std::abs(value)));
      const auto page = static_cast<std::size_t>(number.place.back() - '0');
      CHECK(brief.pages[page - 1].find(number.text) != std::string::npos);
      // The text reads back as the value, to half a unit of its last digit.
      std::string plain = number.text;
      std::erase(plain, ',');
      const std::size_t point = plain.find('.');
      double unit = point == std::string::npos ? 1.0 : std::pow(10.0, -static_cast<double>(plain.size() - point - 1));
      if (point == std::string::npos)
        for (std::size_t i = plain.size(); i > 1 && plain[i - 1] == '0'; --i) unit *= 10.0;
      const double shown_value = std::stod(plain);
      const bool is_rounded = std::abs(shown_value - there) <= 0.5000001 * unit ||
                              std::abs(shown_value - std::abs(there)) <= 0.5000001 * unit;
      CHECK(is_rounded);
    }
  }
}

TEST_CASE("a brief tells a county's dollars in millions, and what is the same in every run as fixed") {
  StudyResults study = money_study();
  const Brief brief = make_brief(study);
  CHECK(brief.pages[2].find("Department, in million ") != std::string::npos);
  const auto in_millions = [](const TracedNumber& number) { return number.unit == 1e6; };
  CHECK(std::count_if(brief.numbers.begin(), brief.numbers.end(), in_millions) > 2);
  for (const TracedNumber& number : brief.numbers) {
    if (!in_millions(number)) continue;
    CAPTURE(number.text, number.value);
    std::string plain = number.text;
    std::erase(plain, ',');
    CHECK(std::stod(plain) == Approx(number.value / 1e6).epsilon(0.01).margin(0.1));
  }
  constexpr double kSmall = 1e-4;  // of what a town costs
  for (ScenarioResults& scenario : study.scenarios)
    for (std::size_t i = 0; i < scenario.replications.size(); ++i)
      for (double& cost : scenario.replications[i].costs) cost *= kSmall;
  CHECK(make_brief(study).pages[2].find("million") == std::string::npos);
  const Brief staffed = make_brief(staff_study());
  CHECK(staffed.pages[2].find(" (fixed)") != std::string::npos);  // the FTE in the budget
}

TEST_CASE("a brief reads easily: at most grade 10 by Flesch and Kincaid") {
  for (const StudyResults& study : some_studies()) {
    const Brief brief = make_brief(study);
    const Counts counts = counts_of(brief.sentences);
    CAPTURE(study.study_name, counts.words, counts.sentences, counts.syllables, joined(brief.sentences));
    CHECK(counts.words > 150);
    CHECK(counts.grade() <= 10.0);
  }
  CHECK(counts_of({"The cat sat on the mat."}).grade() < 1.0);  // the measure tells easy from hard
  CHECK(counts_of({"Institutional accountability necessitates comprehensive interdepartmental coordination."}).grade() >
        20.0);
}

TEST_CASE("a brief says of no change that it is better or worse") {
  StudyResults study = made::study(12);
  study.scenarios[1].replications = study.scenarios[0].replications;
  for (std::uint32_t i = 0; i < 12; ++i)
    made::setting_sum(study.scenarios[1].replications[i], 0, 1, SettingSum::waiting_days) += i % 2 == 0 ? 31.0 : -31.0;
  const Brief brief = make_brief(study);
  const std::string all = joined(brief.pages);
  CHECK(all.find("does not clearly change") != std::string::npos);
  for (const char* word : {"improve", "worse", "better", "lowers", "raises"}) {
    CAPTURE(word);
    CHECK(all.find(word) == std::string::npos);
  }
}

TEST_CASE("page and brief say the finding in the same words") {
  for (const StudyResults& study : some_studies()) {
    const std::vector<Finding> findings = findings_of(study, lead_metric(study));
    const std::string all = joined(make_brief(study).pages);
    CHECK(all.find(findings[leading_finding(findings)].sentence) != std::string::npos);
  }
}

TEST_CASE("a headline follows from the interval") {
  ResultRow row;
  row.scenario_name = "More beds";
  row.words = "average wait";
  row.scope = "model";
  row.good = "lower";
  row.value = {-3.0, -4.0, -2.0, 20, ""};
  CHECK(headline_of(row) == "\"More beds\" lowers the average wait");
  row.value = {3.0, 2.0, 4.0, 20, ""};
  CHECK(headline_of(row) == "\"More beds\" raises the average wait");
  row.value = {-1.0, -2.5, 0.5, 20, ""};
  CHECK(headline_of(row) == "\"More beds\" does not clearly change the average wait");
  row.value = {0.0, 0.0, 0.0, 20, ""};
  CHECK(headline_of(row) == "\"More beds\" leaves the average wait as it was");
  row.value = {-1.0, {}, {}, 1, "one replication"};
  CHECK(headline_of(row) == "What \"More beds\" does to the average wait cannot be told yet");
}

TEST_CASE("what a model lacks the brief says plainly") {
  const std::string all = joined(make_brief(policies_study()).pages);
  CHECK(all.find("The model has no costs.") != std::string::npos);
  CHECK(all.find("The model has no staff.") != std::string::npos);
  CHECK(all.find("Results were not kept by group.") != std::string::npos);
}

TEST_CASE("a brief is four pages of tagged PDF with a title, bookmarks and fonts inside, and the same every time") {
  const StudyResults study = money_study();
  const Brief brief = make_brief(study);
  CHECK(brief.bytes == make_brief(study).bytes);
  if (brief.warning.empty()) CHECK(brief.bytes.find("Inter") != std::string::npos);
  if (!has_program("pdfinfo") || !has_program("pdftotext") || !has_program("pdffonts")) {
    WARN("not looked into: poppler-utils is not here");
    return;
  }
  const std::string info = printed_by("pdfinfo", brief.bytes);
  CAPTURE(info);
  CHECK(info.find("Pages:           4") != std::string::npos);
  CHECK(info.find("Tagged:          yes") != std::string::npos);
  CHECK(info.find("612 x 792 pts (letter)") != std::string::npos);
  CHECK(info.find("Title:           Brief for the Board") != std::string::npos);
  std::istringstream fonts{printed_by("pdffonts", brief.bytes)};
  std::string line;
  std::getline(fonts, line);
  const std::size_t column = line.find("emb");
  std::getline(fonts, line);
  int count = 0;
  while (std::getline(fonts, line)) {
    ++count;
    CHECK(line.substr(column, 3) == "yes");
  }
  CHECK(count > 0);
  const std::string text = squeezed(printed_by("pdftotext", brief.bytes));
  for (const TracedNumber& number : brief.numbers) {
    CAPTURE(number.text);
    CHECK(text.find(number.text) != std::string::npos);
  }
  for (const std::string& sentence : brief.sentences) CHECK(text.find(squeezed(sentence)) != std::string::npos);
}
