#include "apps/cli/completion.hpp"

namespace tl {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> names_of(const std::vector<CommandWords>& commands) {
  std::vector<std::string> names;
  for (const CommandWords& command : commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> option_names(const CommandWords& command) {
  std::vector<std::string> names;
  for (const CommandWords::Option& option : command.options) names.push_back(option.name);
  return names;
}

std::string for_bash(const std::vector<CommandWords>& commands) {
  std::string text =
      "# throughline completion: put this in ~/.bashrc as  source <(throughline completion bash)\n"
      "_throughline() {\n"
      "  local now=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"" +
      joined(names_of(commands)) +
      " --help --version\" -- \"$now\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"${COMP_WORDS[1]} $before\" in\n";
  for (const CommandWords& command : commands)
    for (const CommandWords::Option& option : command.options)
      if (!option.choices.empty())
        text += "    \"" + command.name + ' ' + option.name + "\") COMPREPLY=($(compgen -W \"" +
                joined(option.choices) + "\" -- \"$now\")); return ;;\n";
  text += "  esac\n  case \"${COMP_WORDS[1]}\" in\n";
  for (const CommandWords& command : commands)
    text += "    " + command.name + ") COMPREPLY=($(compgen -W \"" + joined(option_names(command)) +
            (command.choices.empty() ? "" : ' ' + joined(command.choices)) + "\" -- \"$now\")) ;;\n";
  return text +
         "  esac\n"
         "  if [ \"${now:0:1}\" != \"-\" ]; then COMPREPLY+=($(compgen -f -- \"$now\")); fi\n"
         "}\n"
         "complete -o filenames -F _throughline throughline\n";
}

std::string for_zsh(const std::vector<CommandWords>& commands) {
  return "# throughline completion: put this in ~/.zshrc as  source <(throughline completion zsh)\n"
         "autoload -Uz compinit bashcompinit && compinit -C && bashcompinit\n" +
         for_bash(commands);
}

std::string in_quotes_of_fish(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + '\'';
}

std::string for_fish(const std::vector<CommandWords>& commands) {
  std::string text =
      "# throughline completion: throughline completion fish > ~/.config/fish/completions/throughline.fish\n";
  for (const CommandWords& command : commands) {
    text += "complete -c throughline -n __fish_use_subcommand -f -a " + command.name + " -d " +
            in_quotes_of_fish(command.about) + '\n';
    const std::string within = "complete -c throughline -n '__fish_seen_subcommand_from " + command.name + "' ";
    if (!command.choices.empty()) text += within + "-f -a '" + joined(command.choices) + "'\n";
    for (const CommandWords::Option& option : command.options) {
      const bool is_long = option.name.rfind("--", 0) == 0;
      text += within + (is_long ? "-l " + option.name.substr(2) : "-s " + option.name.substr(1));
      if (option.takes_value) text += " -r";
      if (!option.choices.empty()) text += " -f -a '" + joined(option.choices) + '\'';
      text += " -d " + in_quotes_of_fish(option.about) + '\n';
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> shell_names() {
  return {"bash", "zsh", "fish"};
}

std::string completion_script(const std::string& shell, const std::vector<CommandWords>& commands) {
  if (shell == "zsh") return for_zsh(commands);
  return shell == "fish" ? for_fish(commands) : for_bash(commands);
}

}  // namespace tl
