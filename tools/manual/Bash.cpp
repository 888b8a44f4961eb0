//===- Bash.cpp - completion for bash -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc {

/// What is the same for every command line. It needs bash 4.3 and nothing of bash-completion.
static constexpr std::string_view machinery = R"(
# The words of the line up to the cursor, as they were typed: readline divides them at = and :, too.
__nirc_words() {
  local line=${COMP_LINE:0:COMP_POINT} rest word i
  words=()
  for ((i = 0; i <= COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    rest=${line#"${line%%[![:space:]]*}"}
    [[ $rest == "$word"* ]] || word=$rest # the cursor is inside the word
    if ((i == 0)) || [[ $rest != "$line" || -z $rest ]]; then
      words+=("$word")
    else
      words[-1]+=$word
    fi
    line=${rest#"$word"}
  done
}

# KEPT WORD...: replies with those of the words that $cur begins, without what readline keeps.
__nirc_reply() {
  local kept=$1 word
  shift
  for word; do
    word=$kept$word
    [[ $word != "$cur"* ]] || found+=("$before${word#"$given"}")
  done
}

# A list with commas between its words.
__nirc_list() { __nirc_reply "${cur%"${cur##*,}"}" "$@"; }

# PRESETS FIELDS: norse,reset=subtract,...
__nirc_record() {
  local kept=${cur%"${cur##*,}"} word presets=()
  [[ -n $kept ]] || read -ra presets <<<"$1"
  local fields=()
  for word in $2; do
    if [[ ${cur##*,} != *=* ]]; then
      word=${word%%=*}=
      [[ " ${fields[*]} " != *" $word "* ]] || continue
    fi
    fields+=("$word")
  done
  __nirc_reply "$kept" "${presets[@]}" "${fields[@]}"
}

# ENDINGS WORDS: files that end so, and folders; behind the last = or : where there is one.
__nirc_files() {
  local kept=${cur%"${cur##*[=:]}"} file ending endings=($1)
  __nirc_reply "" $2
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    for ending in "${endings[@]-}"; do
      if [[ $file == *"$ending" || -d $file || -d ${file/#\~/$HOME} ]]; then
        __nirc_reply "$kept" "$file"
        break
      fi
    done
  done < <(compgen -f -- "${cur#"$kept"}")
}

__nirc_folders() {
  local folder
  compopt -o filenames 2>/dev/null
  while IFS= read -r folder; do
    __nirc_reply "" "$folder"
  done < <(compgen -d -- "$cur")
}

_nirc() {
  local words cur given before= found=() i word open= argument=1
  __nirc_words
  cur=${words[-1]}
  COMPREPLY=()
  # What readline does not replace: up to the last of its own separators.
  given=${cur%"${cur##*[=:]}"}
  if [[ $given == *= && $COMP_WORDBREAKS != *=* ]] || [[ $given == *: && $COMP_WORDBREAKS != *:* ]]; then
    given=
  fi
  local first=1 # the word that is the command; options can stand before it
  while ((first < ${#words[@]} - 1)) && [[ ${words[first]} == -* ]]; do
    ! __nirc_takes_value "" "${words[first]}" || ((++first))
    ((++first))
  done
  local command=${words[first]-}
  if ((first >= ${#words[@]} - 1)); then
    command=
    if ((first >= ${#words[@]})); then
      __nirc_value "" "${words[-2]}"
    elif [[ $cur == -* ]]; then
      __nirc_options ""
    else
      __nirc_value "" argument1
    fi
  elif [[ $command == help ]]; then
    ((${#words[@]} > first + 2)) || __nirc_value "" argument1
  else
    for ((i = first + 1; i < ${#words[@]} - 1; ++i)); do
      word=${words[i]}
      if [[ $word == --*=* ]]; then
        open=
      elif [[ $word == -* ]]; then
        open=
        ! __nirc_takes_value "$command" "$word" || open=$word
      elif [[ -z $open ]]; then
        ((++argument))
      elif ! __nirc_takes_many "$command" "$open"; then
        open=
      fi
    done
    if [[ $cur == --*=* ]]; then
      word=${cur%%=*}
      cur=${cur#*=}
      given=${given#"$word"=}
      [[ $COMP_WORDBREAKS == *=* ]] || before=$word=
      __nirc_value "$command" "$word"
    elif [[ $cur == -* ]]; then
      __nirc_options "$command"
    elif [[ -n $open ]]; then
      __nirc_value "$command" "$open"
    else
      __nirc_value "$command" "argument$argument"
    fi
  fi
  COMPREPLY=("${found[@]}")
  # No blank where more has to follow.
  [[ ${#found[@]} -ne 1 || ${found[0]} != *[=:] ]] || compopt -o nospace 2>/dev/null
}

complete -F _nirc nirc
)";

static std::string inQuotes(std::string_view text) {
  std::string all = "'";
  for (char c : text) {
    all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return all + "'";
}

static std::string namesOf(const std::vector<Values::Word> &words) {
  std::string names;
  for (const Values::Word &word : words) {
    names += (names.empty() ? "" : " ") + word.name;
  }
  return names;
}

/// "reset=to-value reset=subtract floor="
static std::string fieldsOf(const std::vector<Values::Field> &fields) {
  std::string all;
  for (const Values::Field &field : fields) {
    if (field.words.empty()) {
      all += fmt::format("{}{}=", all.empty() ? "" : " ", field.name);
    }
    for (const Values::Word &word : field.words) {
      all += fmt::format("{}{}={}", all.empty() ? "" : " ", field.name, word.name);
    }
  }
  return all;
}

static std::string actionOf(const Values &values) {
  if (values.isFolder) {
    return "__nirc_folders";
  }
  if (values.isPath) {
    return "__nirc_files '' ''";
  }
  if (!values.endings.empty()) {
    return fmt::format("__nirc_files {} {}",
                       inQuotes(fmt::format("{}", fmt::join(values.endings, " "))),
                       inQuotes(namesOf(values.words)));
  }
  if (!values.fields.empty()) {
    return fmt::format("__nirc_record {} {}", inQuotes(namesOf(values.words)),
                       inQuotes(fieldsOf(values.fields)));
  }
  if (values.words.empty()) {
    return ":"; // a number or a text
  }
  return fmt::format("{} {}", values.isList ? "__nirc_list" : "__nirc_reply ''",
                     namesOf(values.words));
}

namespace {
/// The branches of a `case` of "command option", by what they do.
class Cases {
public:
  void add(const std::string &command, const std::string &option, const std::string &action) {
    auto [place, isNew] = patterns.try_emplace(action);
    if (isNew) {
      order.push_back(action);
    }
    place->second.push_back(inQuotes(command + " " + option));
  }
  std::string text() const {
    std::string all;
    for (const std::string &action : order) {
      all += fmt::format("    {}) {} ;;\n", fmt::join(patterns.at(action), " | "), action);
    }
    return all;
  }

private:
  std::map<std::string, std::vector<std::string>> patterns;
  std::vector<std::string> order;
};
} // namespace

static void addCommand(const CommandText &command, const std::string &name, std::string &options,
                       Cases &takesValue, Cases &takesMany, Cases &values) {
  std::vector<std::string> names;
  int argument = 0;
  for (const OptionText &option : command.options) {
    std::string action = option.values ? actionOf(*option.values) : "__nirc_files '' ''";
    if (option.isArgument) {
      // The last argument may stand for several.
      std::string number = std::to_string(++argument);
      values.add(name, "argument" + number, action);
      if (option.takesMany) {
        constexpr int most = 9;
        for (int i = argument + 1; i <= most; ++i) {
          values.add(name, "argument" + std::to_string(i), action);
        }
      }
      continue;
    }
    bool hasValue = !option.value.empty();
    for (const std::string &each : option.names) {
      names.push_back(each);
      if (hasValue) {
        takesValue.add(name, each, "return 0");
      }
      if (hasValue && option.takesMany) {
        takesMany.add(name, each, "return 0");
      }
      if (hasValue || option.canOmitValue) {
        values.add(name, each, action);
      }
    }
  }
  options += fmt::format("    {}) __nirc_reply '' {} ;;\n", inQuotes(name), fmt::join(names, " "));
}

std::string bashCompletion(const Manual &manual) {
  std::string options, commands;
  Cases takesValue, takesMany, values;
  addCommand(manual.program, "", options, takesValue, takesMany, values);
  for (const CommandText &command : manual.commands) {
    commands += " " + command.name;
    addCommand(command, command.name, options, takesValue, takesMany, values);
  }
  values.add("", "argument1", "__nirc_reply ''" + commands + " help");
  return fmt::format("# Completion of nirc {} for bash, as `nirc completion bash` writes it.\n"
                     "{}\n__nirc_options() {{\n  case $1 in\n{}  esac\n}}\n"
                     "\n__nirc_takes_value() {{\n  case \"$1 $2\" in\n{}    *) return 1 ;;\n  "
                     "esac\n}}\n"
                     "\n__nirc_takes_many() {{\n  case \"$1 $2\" in\n{}    *) return 1 ;;\n  "
                     "esac\n}}\n"
                     "\n__nirc_value() {{\n  case \"$1 $2\" in\n{}  esac\n}}\n",
                     manual.version, machinery, options, takesValue.text(), takesMany.text(),
                     values.text());
}

} // namespace nirc
