#include <filesystem>
#include <span>

#include "analysis/publish.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/problem_text.hpp"
#include "apps/cli/starter_model.hpp"
#include "apps/cli/starter_study.hpp"
#include "apps/cli/terminal.hpp"
#include "models/compile.hpp"
#include "models/flow.hpp"
#include "scenarios/plan.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

/// Nothing that is there is ever written over.
void refuse_what_is_there(const fs::path& folder, const std::vector<std::string>& names) {
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_directory(folder, ignored))
    throw UsageError{"new: " + folder.string() + " is a file. Name a folder that is to be made"};
  if (folder.extension() == ".toml" || folder.extension() == ".csv")
    throw UsageError{"new: " + folder.string() + " looks like a file. Name a folder, for instance " +
                     (folder.parent_path() / folder.stem()).string()};
  for (const std::string& name : names)
    if (fs::exists(folder / name, ignored))
      throw UsageError{"new: " + (folder / name).string() +
                       " is there already, and nothing is written over. Name another folder"};
}

void write(const fs::path& path, const std::string& text) {
  publish(path, std::as_bytes(std::span{text.data(), text.size()}));
}

ExitCode new_model(const fs::path& folder) {
  const std::vector<StarterFile> files = starter_model();
  std::vector<std::string> names;
  for (const StarterFile& file : files) names.push_back(file.name);
  refuse_what_is_there(folder, names);
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_empty(folder, ignored))
    throw UsageError{"new: the folder " + folder.string() +
                     " is not empty, and its files would become part of the model. Name another folder"};
  make_folder(folder);
  std::size_t width = 0;
  for (const StarterFile& file : files) width = std::max(width, file.name.size());
  print("A model to start from, with made-up numbers, in " + folder.string() + ":\n");
  for (const StarterFile& file : files) {
    write(folder / file.name, file.text);
    print("  " + file.name + std::string(width + 2 - file.name.size(), ' ') + file.about + '\n');
  }
  tell_next("throughline check " + shell_word(folder.string()) + "  (after each change you make)");
  return ExitCode::good;
}

/// A file for trying a text out, gone afterwards.
class Trial {
 public:
  explicit Trial(fs::path path) : path_{std::move(path)} {}
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  /// The study can be planned as it is written.
  bool is_sound(const std::string& text) const {
    write(path_, text);
    Problems problems;
    read_plan(path_, {}, Limits{}, problems);
    return !problems.has_errors();
  }

 private:
  fs::path path_;
};

std::string path_from(const fs::path& folder, const fs::path& model) {
  std::error_code fault;
  const fs::path from = fs::weakly_canonical(folder, fault), to = fs::weakly_canonical(model, fault);
  const fs::path between = to.lexically_relative(from);
  return between.empty() ? to.generic_string() : between.generic_string();
}

void refuse_no_model(const std::string& model) {
  const fs::path path{model};
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    throw UsageError{"new: there is no " + model +
                     ". --study names the model to be studied: its folder, or its .toml file"};
  for (const std::string_view ending : {".csv", ".xlsx", ".ods"})
    if (path.extension() == ending)
      throw UsageError{"new: " + model + " is one table. --study names the model: the folder with model.toml in it"};
}

ExitCode new_study(const fs::path& folder, const std::string& model_path) {
  refuse_what_is_there(folder, {"study.toml"});
  refuse_no_model(model_path);
  const Limits limits;
  Problems problems;
  const auto study = read_study(model_path, limits, problems);
  if (study && !study->study_text.empty())
    throw UsageError{"new: " + model_path + " is a study. --study names the model to be studied, here " +
                     study->model.string()};
  ReadOptions options;
  options.limits = limits;
  const auto model = study ? build_model(study->document, {}, options, problems) : std::nullopt;
  const auto compiled = model ? compile(*model, limits, problems) : std::nullopt;
  if (!compiled) {
    tell_errors(problems, model_path);
    tell_next("throughline check " + shell_word(model_path));
    return ExitCode::errors;
  }
  make_folder(folder);
  const Trial trial{folder / ".study-trial.toml"};
  const StudiedModel studied{path_from(folder, model_path), study->document, *model, expected_flow(*model, *compiled)};
  const std::string text = starter_study(studied, [&](const std::string& awake) { return trial.is_sound(awake); });
  const fs::path file = folder / "study.toml";
  write(file, text);
  print("A study of " + model_path + " to start from: " + file.string() +
        "\nOpen it in a text editor. It says what its parts do, and how to wake those that sleep.\n");
  tell_next("throughline check " + shell_word(file.string()) + "  or  throughline run " + shell_word(file.string()) +
            " -o " + shell_word((folder / "results").string()));
  return ExitCode::good;
}

}  // namespace

ExitCode run_new(const NewRequest& request) {
  if (request.folder.empty()) throw UsageError{"new: the folder's name is empty"};
  fs::path folder = fs::path{request.folder}.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  return request.study.empty() ? new_model(folder) : new_study(folder, request.study);
}

}  // namespace tl
