#pragma once
#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/apps/program.hpp"

// tests/apps/mistakes/NN-topic.txt: mistakes as planners make them, each a change to a good model in that folder.
//   # Topic                      the first line
//   ## What the mistake is       one line of plain words
//   in county/routes.csv         the file that is changed (town.toml when not said)
//   - a line                     is taken away (lines that follow each other; they stand there once)
//   + a line                     stands in its place; at the file's end when nothing is taken away
//   where: a line                where the message points when it is no line with +
//   run check empty              the command; `check` of the file's model or study when not said
namespace tl::test {

struct Mistake {
  std::string topic, what, file = "town.toml", command, where;
  std::vector<std::string> taken, written;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::string after(const std::string& line, const std::string& mark) {
  return line.rfind(mark, 0) == 0 ? line.substr(mark.size()) : "";
}

/// @throws std::runtime_error  naming a line that is not of the form above
inline std::vector<Mistake> read_mistakes(const std::string& text) {
  std::vector<Mistake> mistakes;
  std::string topic;
  for (const std::string& line : lines_of(text)) {
    if (line.empty()) continue;
    if (const std::string title = after(line, "# "); !title.empty()) {
      topic = title;
      continue;
    }
    if (const std::string what = after(line, "## "); !what.empty()) {
      mistakes.emplace_back();
      mistakes.back().topic = topic;
      mistakes.back().what = what;
      continue;
    }
    if (mistakes.empty()) throw std::runtime_error{"before the first mistake: " + line};
    Mistake& now = mistakes.back();
    if (const std::string file = after(line, "in "); !file.empty())
      now.file = file;
    else if (const std::string where = after(line, "where: "); !where.empty())
      now.where = where;
    else if (const std::string command = after(line, "run "); !command.empty())
      now.command = command;
    else if (line.rfind("- ", 0) == 0)
      now.taken.push_back(line.substr(2));
    else if (line.rfind("+ ", 0) == 0)
      now.written.push_back(line.substr(2));
    else
      throw std::runtime_error{"cannot read: " + line};
  }
  return mistakes;
}

/// The file's text with the mistake in it. @throws std::runtime_error  when the lines taken away do not stand there
/// once
inline std::string with_mistake(const std::string& good, const Mistake& mistake) {
  std::vector<std::string> lines = lines_of(good);
  auto at = lines.end();
  if (!mistake.taken.empty()) {
    at = std::search(lines.begin(), lines.end(), mistake.taken.begin(), mistake.taken.end());
    const bool twice = at != lines.end() &&
                       std::search(at + 1, lines.end(), mistake.taken.begin(), mistake.taken.end()) != lines.end();
    if (at == lines.end() || twice) throw std::runtime_error{mistake.what + ": not there once: " + mistake.taken[0]};
    at = lines.erase(at, at + static_cast<std::ptrdiff_t>(mistake.taken.size()));
  } else if (!mistake.written.empty() && mistake.file.ends_with(".toml")) {
    at = lines.insert(lines.end(), "") + 1;
  }
  lines.insert(at, mistake.written.begin(), mistake.written.end());
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

inline std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) text.erase(at, part.size());
  return text;
}

/// What the program prints about it: problems, or what it says on standard error, without the advice what to do next.
inline std::string printed_for(const Mistake& mistake, const fs::path& models) {
  const Folder folder;
  const std::string root = folder / "";
  fs::copy(models, root, fs::copy_options::recursive);
  fs::create_directory(folder / "empty");
  if (!mistake.written.empty() || !mistake.taken.empty()) {
    const std::string changed = with_mistake(text_of_file(folder / mistake.file), mistake);
    std::ofstream{folder / mistake.file} << changed;
  }
  std::vector<std::string> words{"check", mistake.file.substr(0, mistake.file.find('/'))};
  if (!mistake.command.empty()) {
    words.clear();
    std::istringstream in{mistake.command};
    for (std::string word; in >> word;) words.push_back(word);
  }
  for (std::string& word : words)
    if (word.find(".toml") != std::string::npos || word == "results" || word == "empty" || word == "nowhere" ||
        word == "county")
      if (&word != &words[0]) word = folder / word;
  const Ended ended = run_program(words);
  const bool is_check = words[0] == "check" && ended.code != 2;
  std::string text;
  for (const std::string& line : lines_of(without(is_check ? ended.out : ended.err, root))) {
    if (line.rfind("Next: ", 0) == 0) continue;
    if (is_check && (line.empty() || line.rfind("Expected in the long run", 0) == 0)) break;
    text += line + '\n';
  }
  return text;
}

}  // namespace tl::test
