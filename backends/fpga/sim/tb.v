// tb.v - drives a design in Icarus Verilog
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends stimulus.txt to s_axis, takes the answers from m_axis, compares the events of each step with those of expected.txt,
// in any order, and the states after the last step with states.txt. It ends with a line PASS or FAIL. tb.cpp says what stands
// in these files.
//
//   vvp -n tb.vvp [+stall=SEED] [+cap=CYCLES]

`include "design.vh"
`timescale 1ns / 1ps
`default_nettype none

module tb;
  localparam PLACE_BITS = `OUT_ADDRESS_BITS + `OUT_PORT_BITS == 0 ? 1 : `OUT_ADDRESS_BITS + `OUT_PORT_BITS;
  localparam USED_BITS = `OUT_VALUE_BITS == 0 ? PLACE_BITS : `OUT_ADDRESS_BITS + `OUT_PORT_BITS + `OUT_VALUE_BITS;

  reg aclk = 1'b0, aresetn = 1'b0;
  always #5 aclk = !aclk;

  // Inputs of the design change at the falling edge, and all is looked at just before the rising edge.
  reg s_tvalid = 1'b0, s_tlast = 1'b0, m_tready = 1'b0;
  reg [`IN_BUS_BITS-1:0] s_tdata = 0;
  wire s_tready, m_tvalid, m_tlast;
  wire [`OUT_BUS_BITS-1:0] m_tdata;
  reg [`CONTROL_ADDRESS_BITS-1:0] awaddr = 0, araddr = 0;
  reg awvalid = 1'b0, wvalid = 1'b0, bready = 1'b0, arvalid = 1'b0, rready = 1'b0;
  reg [31:0] wdata = 0;
  wire awready, wready, bvalid, arready, rvalid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata;

  `TOP dut (
      .aclk(aclk),
      .aresetn(aresetn),
      .s_axis_tvalid(s_tvalid),
      .s_axis_tready(s_tready),
      .s_axis_tdata(s_tdata),
      .s_axis_tlast(s_tlast),
      .m_axis_tvalid(m_tvalid),
      .m_axis_tready(m_tready),
      .m_axis_tdata(m_tdata),
      .m_axis_tlast(m_tlast),
      .s_axil_awaddr(awaddr),
      .s_axil_awprot(3'd0),
      .s_axil_awvalid(awvalid),
      .s_axil_awready(awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(4'd15),
      .s_axil_wvalid(wvalid),
      .s_axil_wready(wready),
      .s_axil_bresp(bresp),
      .s_axil_bvalid(bvalid),
      .s_axil_bready(bready),
      .s_axil_araddr(araddr),
      .s_axil_arprot(3'd0),
      .s_axil_arvalid(arvalid),
      .s_axil_arready(arready),
      .s_axil_rdata(rdata),
      .s_axil_rresp(rresp),
      .s_axil_rvalid(rvalid),
      .s_axil_rready(rready)
  );

  reg failed = 1'b0;
  task stop;
    begin
      failed = 1'b1;
      $finish;
    end
  endtask

  // Memory images: a simulator goes on without them

  localparam [2047:0] K = {
    256'h428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5,
    256'hd807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174,
    256'he49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da,
    256'h983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967,
    256'h27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85,
    256'ha2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070,
    256'h19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3,
    256'h748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2
  };
  reg [255:0] digest;
  reg [31:0] w [0:63];
  reg [31:0] ha, hb, hc, hd, he, hf, hg, hh, t1, t2;
  integer at, round;

  function [31:0] rotated(input [31:0] x, input integer by);
    rotated = (x >> by) | (x << (32 - by));
  endfunction

  task hash_block;
    begin
      for (round = 16; round < 64; round = round + 1)
        w[round] = w[round - 16] + w[round - 7]
            + (rotated(w[round - 15], 7) ^ rotated(w[round - 15], 18) ^ (w[round - 15] >> 3))
            + (rotated(w[round - 2], 17) ^ rotated(w[round - 2], 19) ^ (w[round - 2] >> 10));
      {ha, hb, hc, hd, he, hf, hg, hh} = digest;
      for (round = 0; round < 64; round = round + 1) begin
        t1 = hh + (rotated(he, 6) ^ rotated(he, 11) ^ rotated(he, 25)) + ((he & hf) ^ (~he & hg))
            + K[2047 - 32 * round -: 32] + w[round];
        t2 = (rotated(ha, 2) ^ rotated(ha, 13) ^ rotated(ha, 22)) + ((ha & hb) ^ (ha & hc) ^ (hb & hc));
        {hb, hc, hd, he, hf, hg, hh} = {ha, hb, hc, hd + t1, he, hf, hg};
        ha = t1 + t2;
      end
      digest = {digest[255:224] + ha, digest[223:192] + hb, digest[191:160] + hc, digest[159:128] + hd,
                digest[127:96] + he, digest[95:64] + hf, digest[63:32] + hg, digest[31:0] + hh};
    end
  endtask

  task hash_byte(input [7:0] value);
    begin
      w[at / 4] = {w[at / 4][23:0], value};
      at = at + 1;
      if (at == 64) begin
        hash_block;
        at = 0;
      end
    end
  endtask

  task check_image(input [8*`NAME_BYTES-1:0] name, input integer words, input [255:0] sha256);
    integer file, character, found, inside;
    reg [63:0] bytes, bits;
    begin
      file = $fopen(name, "rb");
      if (file == 0) begin
        $display("FAIL: %0s cannot be read; memories are filled from it", name);
        stop;
      end else begin
        digest = 256'h6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19;
        at = 0;
        bytes = 0;
        found = 0;
        inside = 0;
        character = $fgetc(file);
        while (character != -1) begin
          bytes = bytes + 1;
          if (character > 32 && !inside) found = found + 1;
          inside = character > 32;
          hash_byte(character[7:0]);
          character = $fgetc(file);
        end
        $fclose(file);
        bits = 8 * bytes;
        hash_byte(8'h80);
        while (at != 56) hash_byte(8'h00);
        for (character = 56; character >= 0; character = character - 8) hash_byte(bits[character +: 8]);
        if (digest != sha256) begin
          if (found != words) $display("FAIL: %0s has %0d words, expected %0d", name, found, words);
          else $display("FAIL: %0s was changed: its SHA-256 is %h, expected %h", name, digest, sha256);
          stop;
        end
      end
    end
  endtask

  // Pauses: stretches of up to 64 cycles, each with its own share of them

  integer stall = 0, seed, in_left = 0, in_share = 0, out_left = 0, out_share = 0;
  function integer share_of(input integer number);
    case (number)
      0: share_of = 0;
      1: share_of = 1;
      2: share_of = 4;
      3: share_of = 7;
      default: share_of = 8;
    endcase
  endfunction

  task pauses(inout integer left, inout integer share, output pause);
    begin
      pause = 1'b0;
      if (stall != 0) begin
        if (left == 0) begin
          share = share_of($unsigned($random(seed)) % 5);
          left = $unsigned($random(seed)) % 64;
        end else left = left - 1;
        pause = $unsigned($random(seed)) % 8 < share;
      end
    end
  endtask

  // What comes, and what must come
`ifdef FRAME
  localparam IS_FRAME = 1;
`else
  localparam IS_FRAME = 0;
`endif

  // By port and address, which are the lower bits of an event. An event is still to come where the step is that of the
  // next answer, counted from 1.
  reg [USED_BITS-1:0] want [0:(1 << PLACE_BITS)-1];
  reg [31:0] want_step [0:(1 << PLACE_BITS)-1];
  integer expected, want_left, place, ends_in = 0, ends_out = 0, ended;
  reg [63:0] cycle = 0, last_move = 0, cap = 200000;
  reg waiting = 1'b0, waiting_last, out_pause, matched;
  reg [`OUT_BUS_BITS-1:0] waiting_data;

  // The events of the next step. `ended`: there is none.
  task read_expected;
    integer character, open;
    reg [63:0] beat;
    begin
      want_left = 0;
      ended = 0;
      open = 1;
      while (open) begin
        character = $fgetc(expected);
        if (character == "0") begin
          if ($fscanf(expected, "%h", beat) != 1) beat = 0;
          want[beat[PLACE_BITS-1:0]] = beat[USED_BITS-1:0];
          want_step[beat[PLACE_BITS-1:0]] = ends_out + 1;
          want_left = want_left + 1;
        end else if (character == "1") begin
          if ($fscanf(expected, "%h", beat) != 1) beat = 0;
          open = 0;
        end else if (character == -1) begin
          ended = 1;
          open = 0;
        end
      end
    end
  endtask

`include "names.vh"

  task show(input [USED_BITS-1:0] event_bits);
    $display("  step %0d: %0s, address %h: found %0d", ends_out, port_name(port_of(event_bits)),
             address_of(event_bits), value_of(event_bits));
  endtask

  task take_event;
    begin
      matched = want_step[m_tdata[PLACE_BITS-1:0]] === ends_out + 1
          && want[m_tdata[PLACE_BITS-1:0]] === m_tdata[USED_BITS-1:0];
      if (matched) want_step[m_tdata[PLACE_BITS-1:0]] = 0;
      if ((m_tdata >> USED_BITS) != 0 || ^m_tdata === 1'bx) begin
        $display("FAIL: step %0d: the event %h has more than %0d bits, or bits that are X", ends_out, m_tdata, USED_BITS);
        stop;
      end else if (!matched) begin
        $display("FAIL: step %0d: an event is not expected, or came twice", ends_out);
        show(m_tdata[USED_BITS-1:0]);
        stop;
      end else want_left = want_left - 1;
    end
  endtask

  task take_end;
    begin
      if (ended || ends_out == ends_in) begin
        $display("FAIL: the end of step %0d came, and was not expected", ends_out);
        stop;
      end else if (want_left != 0) begin
        $display("FAIL: step %0d: %0d events did not come; expected", ends_out, want_left);
        for (place = 0; place < (1 << PLACE_BITS); place = place + 1)
          if (want_step[place] === ends_out + 1) show(want[place]);
        stop;
      end
      ends_out = ends_out + 1;
      read_expected;
    end
  endtask

  always @(posedge aclk) begin
    cycle = cycle + 1;
    if (aresetn && !failed) begin
      if (m_tvalid === 1'bx || s_tready === 1'bx) begin
        $display("FAIL: cycle %0d: m_axis_tvalid or s_axis_tready is X", cycle);
        stop;
      end
      if (waiting && (!m_tvalid || m_tlast !== waiting_last || ((!m_tlast || IS_FRAME) && m_tdata !== waiting_data))) begin
        $display("FAIL: cycle %0d, step %0d: m_axis changed while it waited for m_axis_tready", cycle, ends_out);
        stop;
      end
      if ((rvalid && rready && rresp != 0) || (bvalid && bready && bresp != 0)) begin
        $display("FAIL: cycle %0d: an access over AXI4-Lite was refused", cycle);
        stop;
      end
      waiting = m_tvalid && !m_tready;
      waiting_last = m_tlast;
      waiting_data = m_tdata;
      if (m_tvalid && m_tready && !failed) begin
        last_move = cycle;
`ifdef FRAME
        take_event;
        if (!failed) take_end;
`else
        if (m_tlast) take_end;
        else take_event;
`endif
      end
      if (s_tvalid && s_tready) last_move = cycle;
      else if (cycle - last_move > cap && !failed) begin
        $display("FAIL: nothing moved for %0d cycles, and %0d of %0d steps were answered", cap, ends_out, ends_in);
        stop;
      end
    end
  end

  always @(negedge aclk) begin
    pauses(out_left, out_share, out_pause);
    m_tready = !out_pause;
  end

  // What goes in

  reg moved, in_pause, aw_moved, w_moved;
  task send(input [`IN_BUS_BITS-1:0] beat, input last);
    begin
      pauses(in_left, in_share, in_pause);
      while (in_pause) begin
        @(negedge aclk);
        pauses(in_left, in_share, in_pause);
      end
      s_tvalid = 1'b1;
      s_tdata = beat;
      s_tlast = last;
      if (last) ends_in = ends_in + 1; // its answer can come in the same cycle
      moved = 1'b0;
      while (!moved) begin
        @(posedge aclk) moved = s_tready;
        @(negedge aclk);
      end
      s_tvalid = 1'b0;
    end
  endtask

  task read_word(input [`CONTROL_ADDRESS_BITS-1:0] address, output [31:0] word);
    begin
      araddr = address;
      arvalid = 1'b1;
      rready = 1'b1;
      moved = 1'b0;
      while (!moved) begin
        @(posedge aclk) moved = arready;
        @(negedge aclk);
      end
      arvalid = 1'b0;
      moved = 1'b0;
      while (!moved) begin
        @(posedge aclk);
        moved = rvalid;
        word = rdata;
        @(negedge aclk);
      end
      rready = 1'b0;
    end
  endtask

  task write_control(input [31:0] word);
    begin
      awaddr = `CONTROL;
      wdata = word;
      awvalid = 1'b1;
      wvalid = 1'b1;
      bready = 1'b1;
      moved = 1'b0;
      while (!moved) begin
        @(posedge aclk);
        moved = bvalid;
        {aw_moved, w_moved} = {awready, wready};
        @(negedge aclk);
        if (aw_moved) awvalid = 1'b0;
        if (w_moved) wvalid = 1'b0;
      end
      bready = 1'b0;
    end
  endtask

  reg [31:0] word;
  task wait_until_idle;
    begin
      while (ends_out != ends_in) @(negedge aclk);
      word = 0;
      while (word[1:0] != 2'b01) read_word(`STATUS, word);
    end
  endtask

  integer stimulus, states, character, count;
  reg [63:0] beat, address;
  reg [`IN_BUS_BITS-1:0] frame;
  reg signed [31:0] value;
  initial begin
    if (!$value$plusargs("stall=%d", stall)) stall = 0;
    if (!$value$plusargs("cap=%d", cap)) cap = 200000;
    seed = stall;
    check_images;
    stimulus = $fopen("stimulus.txt", "r");
    expected = $fopen("expected.txt", "r");
    states = $fopen("states.txt", "r");
    if (stimulus == 0 || expected == 0 || states == 0) begin
      if (!failed) $display("FAIL: stimulus.txt, expected.txt and states.txt cannot be read");
      stop;
    end
    if (!failed) begin
      read_expected;
      repeat (8) @(negedge aclk);
      aresetn = 1'b1;
      write_control(1);
      character = $fgetc(stimulus);
      while (character != -1) begin
        if (character == "0" || character == "1") begin
          if ($fscanf(stimulus, "%h", beat) != 1) beat = 0;
          // A frame goes with the end of its step.
          if (IS_FRAME && character == "0") frame = beat[`IN_BUS_BITS-1:0];
          else send(IS_FRAME ? frame : beat[`IN_BUS_BITS-1:0], character == "1");
        end else if (character == "r") begin
          wait_until_idle;
          write_control(3);
          wait_until_idle;
        end
        character = $fgetc(stimulus);
      end
      wait_until_idle;
      if (!ended && !failed) begin
        $display("FAIL: %0d steps were sent, and more are expected", ends_in);
        stop;
      end
      count = $fscanf(states, "%h %d", address, value);
      while (count == 2 && !failed) begin
        read_word(address[`CONTROL_ADDRESS_BITS-1:0], word);
        last_move = cycle;
        if ($signed(word) !== value) begin
          $display("FAIL: after step %0d: the state at %h: found %0d, expected %0d", ends_out - 1, address,
                   $signed(word), value);
          stop;
        end
        count = $fscanf(states, "%h %d", address, value);
      end
      if (!failed) begin
        $display("PASS: %0d steps in %0d cycles", ends_out, cycle);
        $finish;
      end
    end
  end
endmodule
