#pragma once
#include <string>
#include <vector>

namespace tl {

/// What there is to complete: taken from the parser, so that the two cannot drift apart.
struct CommandWords {
  struct Option {
    std::string name, about;
    std::vector<std::string> choices;  ///< values it takes, where they are few
    bool takes_value = false;
  };
  std::string name, about;
  std::vector<Option> options;
  std::vector<std::string> choices;  ///< of its first argument, where they are no files
};

std::vector<std::string> shell_names();
/// A script for the shell to read. @param shell  one of shell_names()
std::string completion_script(const std::string& shell, const std::vector<CommandWords>& commands);

}  // namespace tl
