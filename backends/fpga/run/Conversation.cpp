//===- Conversation.cpp - steps to a simulator and its answers ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/Conversation.h"

#include "backends/fpga/sim/Beats.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace nirc;
using namespace nirc::fpga;

/// As the integer that a network takes.
static int64_t quantized(double x, double scale, const StreamPort &port) {
  double q = std::nearbyint(x / scale);
  if (std::isnan(q)) {
    return 0;
  }
  return static_cast<int64_t>(
      std::clamp(q, static_cast<double>(port.least), static_cast<double>(port.most)));
}

void nirc::fpga::appendEvents(const Design &design, std::span<const std::span<const double>> values,
                              std::string &text, std::span<int64_t> events) {
  uint64_t frame = 0;
  for (size_t i = 0; i < design.inputs.size(); ++i) {
    const StreamPort &port = design.inputs[i];
    size_t perScale = std::max<size_t>(values[i].size() / port.scales.size(), 1);
    for (size_t n = 0; n < values[i].size(); ++n) {
      int64_t value = quantized(values[i][n], port.scales[n / perScale], port);
      if (value == 0) {
        continue;
      }
      ++events[i];
      auto element = static_cast<int64_t>(n);
      if (design.in.isFrame()) {
        frame |= frameFieldOf(port, element, value);
        continue;
      }
      fmt::format_to(std::back_inserter(text), "0 {:x}\n", beatOf(design.in, port, element, value));
    }
  }
  if (design.in.isFrame()) {
    fmt::format_to(std::back_inserter(text), "0 {:x}\n", frame);
  }
}

nir::Result<std::unique_ptr<Conversation>> Conversation::start(std::shared_ptr<Simulator> simulator,
                                                               int number,
                                                               std::vector<std::string> options) {
  std::unique_ptr<Conversation> made(new Conversation(std::move(simulator), number));
  // A socket, as writing to one can be told not to raise SIGPIPE.
  int ends[2] = {-1, -1}, pipes[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 ||
      pipe2(pipes, O_CLOEXEC) != 0) {
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("cannot talk to a simulator: {}", std::strerror(errno)));
  }
  made->questions = Descriptor(ends[0]);
  Descriptor itsIn(ends[1]), itsOut(pipes[1]);
  made->answers = Descriptor(pipes[0]);
  fcntl(pipes[0], F_SETFL, O_NONBLOCK);
  Descriptor err(open(made->simulator->pathOf(fmt::format("err{}.log", number)).c_str(),
                      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  options.insert(options.begin(), {"--in", "-", "--out", "-"});
  nir::Result<std::unique_ptr<Child>> child =
      made->simulator->start(std::move(options), itsIn.get(), itsOut.get(), err.get());
  if (!child) {
    return child.takeError();
  }
  made->child = *std::move(child);
  return made;
}

void Conversation::send() {
  constexpr size_t atOnce = 1 << 16;
  while (!toSend.empty()) {
    ssize_t count = ::send(questions.get(), toSend.data(), std::min(toSend.size(), atOnce),
                           MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && errno != EAGAIN) { // it is gone; its answers end, too
      toSend.clear();
      isLast = true;
    }
    if (count <= 0) {
      return;
    }
    toSend.erase(0, static_cast<size_t>(count));
  }
}

static bool parse(std::string_view line, Answer &answer) {
  auto number = [&](auto &value, int base) {
    const char *begin = line.data() + std::min<size_t>(line.size(), 2);
    auto [end, failed] = std::from_chars(begin, line.data() + line.size(), value, base);
    return failed == std::errc() && end == line.data() + line.size();
  };
  constexpr int decimal = 10, hexadecimal = 16;
  switch (line.empty() ? '\0' : line.front()) {
  case '0':
    answer.kind = Answer::Event;
    return number(answer.beat, hexadecimal);
  case '1':
    answer.kind = Answer::End;
    return true;
  case 'r':
    answer.kind = Answer::Back;
    return true;
  case 'w':
    answer.kind = Answer::Waited;
    return true;
  case 's':
    answer.kind = Answer::Word;
    return number(answer.word, decimal);
  default:
    return false;
  }
}

nir::Status Conversation::receive(const std::function<nir::Status(const Answer &)> &take) {
  char buffer[1 << 16];
  ssize_t count = ::read(answers.get(), buffer, sizeof(buffer));
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
    return {};
  }
  if (count <= 0) {
    answers.close();
    questions.close();
    return {};
  }
  received.append(buffer, static_cast<size_t>(count));
  size_t at = 0;
  for (size_t end; (end = received.find('\n', at)) != std::string::npos; at = end + 1) {
    Answer answer;
    std::string_view line = std::string_view(received).substr(at, end - at);
    if (!parse(line, answer)) {
      return nir::Error::internal(fmt::format("the simulator said '{}'", line));
    }
    if (nir::Status failed = take(answer)) {
      return failed;
    }
  }
  received.erase(0, at);
  return {};
}

nir::Status
Conversation::exchange(std::span<const std::unique_ptr<Conversation>> all,
                       const std::function<nir::Status(size_t which, const Answer &)> &take) {
  std::vector<pollfd> files;
  for (const std::unique_ptr<Conversation> &one : all) {
    if (one->isOpen() && one->isLast && one->toSend.empty() && one->questions) {
      one->questions.close();
    }
    bool isSending = one->isOpen() && !one->toSend.empty();
    files.push_back({isSending ? one->questions.get() : -1, POLLOUT, 0});
    files.push_back({one->answers.get(), POLLIN, 0});
  }
  if (poll(files.data(), files.size(), -1) < 0) {
    return {}; // EINTR: the caller asks again
  }
  for (size_t i = 0; i < all.size(); ++i) {
    if (files[2 * i].revents != 0) {
      all[i]->send();
    }
    if (files[2 * i + 1].revents == 0) {
      continue;
    }
    if (nir::Status failed =
            all[i]->receive([&](const Answer &answer) { return take(i, answer); })) {
      return failed;
    }
  }
  return {};
}

nir::Status Conversation::finish() {
  questions.close();
  answers.close();
  bool isDone = child->wait();
  constexpr size_t enough = 1 << 12;
  std::string said = simulator->workplace().read(fmt::format("sim/err{}.log", number), enough);
  constexpr std::string_view marker = "FAIL: ";
  size_t place = said.find(marker);
  if (isDone && place == std::string::npos) {
    return {};
  }
  std::string what = place == std::string::npos ? said : said.substr(place + marker.size());
  while (!what.empty() && what.back() == '\n') {
    what.pop_back();
  }
  return nir::Error(nir::Cause::DamagedFile,
                    fmt::format("the design does not do what it should: {}",
                                what.empty() ? "its simulation ended early" : what));
}
